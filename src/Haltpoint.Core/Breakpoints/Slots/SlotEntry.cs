namespace Haltpoint.Breakpoints.Slots;

/// <summary>A place for a request in the pool's memory.</summary>
internal struct SlotEntry
{
    public SlotRequest Request;

    /// <summary>Next in the list of its task, of the CPUs' requests, or of the free places: an index plus one, 0 at the end.</summary>
    public int Next;
    public int Previous;
    public uint Generation;
    public SlotClass Class;
    public bool IsUsed;
}
