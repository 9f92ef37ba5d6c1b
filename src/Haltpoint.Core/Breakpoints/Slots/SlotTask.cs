namespace Haltpoint.Breakpoints.Slots;

/// <summary>What the pool keeps for one task.</summary>
internal struct SlotTask
{
    /// <summary>First of its requests for every CPU: the index of the entry plus one, or 0.</summary>
    public int First;

    /// <summary>First of those for one CPU, in order of the CPUs.</summary>
    public int FirstOnOneCpu;
    public SlotTaskCounts Data;
    public SlotTaskCounts Instruction;
}

/// <summary>A task's requests for every CPU, in one class of registers.</summary>
internal struct SlotTaskCounts
{
    public int Pinned;
    public int Flexible;
}
