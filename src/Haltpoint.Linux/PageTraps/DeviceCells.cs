using Haltpoint.Linux.PageTraps.Instructions;

namespace Haltpoint.Linux.PageTraps;

/// <summary>Homes for the step of an instruction that accesses a device: a cell of ordinary memory stands for each of its accesses there.</summary>
internal readonly struct DeviceCells(TrappedSpace traps, AccessValues values) : IHomes
{
    /// <summary>Bytes at the beginning of the scratch area's data that the cells take.</summary>
    public const ulong Length = 4096;

    private const ulong Pitch = 128;

    // A cell is aligned as the register is, which instructions may insist on.
    private const ulong AlignmentMask = 63;

    /// <summary>How many accesses can have a cell.</summary>
    public static int Count => (int)(Length / Pitch);

    /// <summary>The cell of one of the accesses.</summary>
    public ulong Of(int index) =>
        traps.Scratch + TrappedSpace.CodeLength + ((ulong)index * Pitch) + (values.Accesses[index].Address & AlignmentMask);

    public bool TryTranslate(ulong address, ulong size, out ulong home)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (values.IsDevice(i) && values.Accesses[i].Address == address && (ulong)values.Accesses[i].Size == size)
            {
                home = Of(i);
                return true;
            }
        }

        return new SpaceHomes(traps).TryTranslate(address, size, out home);
    }
}
