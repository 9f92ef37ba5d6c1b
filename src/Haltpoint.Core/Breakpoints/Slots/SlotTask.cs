namespace Haltpoint.Breakpoints.Slots;

/// <summary>What the pool keeps for one task.</summary>
internal struct SlotTask
{
    /// <summary>First of its requests, the oldest; 0 for none, else the index of the entry plus one.</summary>
    public int First;
    public SlotTaskCounts Data;
    public SlotTaskCounts Instruction;
}

/// <summary>A task's requests in one class of registers.</summary>
internal struct SlotTaskCounts
{
    /// <summary>Pinned ones for every CPU.</summary>
    public int Pinned;

    /// <summary>Flexible ones for every CPU.</summary>
    public int Flexible;

    /// <summary>Those for one CPU, of either kind; while there are any, the task is counted in every bank.</summary>
    public int OnOneCpu;
}
