namespace Haltpoint.Breakpoints.Slots;

/// <summary>A granted request. An id that was released means nothing any more, even when its place is used again (A-116 c).</summary>
public readonly struct SlotId(int index, uint generation)
{
    public static SlotId None => new(-1, 0);

    public bool IsNone => index < 0;

    internal int Index => index;

    internal uint Generation => generation;
}
