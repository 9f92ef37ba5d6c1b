using System.Collections.Generic;

namespace Haltpoint.Linux.PageTraps;

/// <summary>Who has which part of the scratch area's data: first fit, everything of one owner at once back.</summary>
internal sealed class ScratchData
{
    /// <summary>Where it begins; before that everything has its place.</summary>
    public const ulong First = ProgramActions.Offset + ProgramActions.Length;

    private const ulong Alignment = 16;

    // By offset.
    private readonly List<(ulong Start, ulong End, object Owner)> _taken = [];

    /// <returns>False when no hole is that large.</returns>
    public bool TryTake(ulong length, object owner, out ulong offset)
    {
        offset = First;
        int index = 0;
        while (index < _taken.Count && _taken[index].Start - offset < length)
        {
            offset = (_taken[index].End + Alignment - 1) & ~(Alignment - 1);
            index++;
        }

        if (TrappedSpace.DataLength - offset < length)
        {
            return false;
        }

        _taken.Insert(index, (offset, offset + length, owner));
        return true;
    }

    public void Release(object owner) => _taken.RemoveAll(t => t.Owner == owner);
}
