namespace Haltpoint.Breakpoints.Slots;

/// <summary>A granted request. An id that was released means nothing any more, even when its place is used again (A-116 c).</summary>
public readonly struct SlotId
{
    // The index plus one, so that the default is no request.
    private readonly int _place;
    private readonly uint _generation;

    internal SlotId(int index, uint generation)
    {
        _place = index + 1;
        _generation = generation;
    }

    public static SlotId None => default;

    public bool IsNone => _place == 0;

    /// <summary>Number of its place in the pool, below <see cref="SlotPool.Places"/>; -1 for none. For tables of the caller's beside the pool.</summary>
    public int Index => _place - 1;

    internal uint Generation => _generation;

    /// <summary>Whether both are the same granted request; none is the same as nothing.</summary>
    public bool Is(SlotId other) => _place != 0 && _place == other._place && _generation == other._generation;
}
