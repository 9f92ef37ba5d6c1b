using System;
using Haltpoint.Linux.PageTraps.Instructions;
using Haltpoint.Linux.Ptrace;
using Haltpoint.PageTraps;

namespace Haltpoint.Linux.PageTraps;

/// <summary>What memory held around the accesses of one instruction. Used again for every instruction.</summary>
internal sealed class AccessValues
{
    private byte[] _before = new byte[256];
    private byte[] _after = new byte[256];

    public MemoryAccess[] Accesses { get; } = new MemoryAccess[MemoryAccess.Most];

    public int Count { get; set; }

    public ReadOnlySpan<byte> Before(int index) => Slice(_before, index);

    public ReadOnlySpan<byte> After(int index) => Slice(_after, index);

    /// <summary>Reads them all; what is in a device is left out, as zero bytes of <see cref="IsKnown"/> memory are not.</summary>
    public void ReadBefore(AddressSpace space) => Read(space, ref _before);

    public void ReadAfter(AddressSpace space) => Read(space, ref _after);

    /// <summary>Whether the values of an access were read.</summary>
    public bool IsKnown(TrappedSpace traps, int index) =>
        !traps.Table.TryFindRun(Accesses[index].Address, (ulong)Accesses[index].Size, out TrappedRun run) || !run.Has(RunTraits.Device);

    private void Read(AddressSpace space, ref byte[] into)
    {
        int length = 0;
        for (int i = 0; i < Count; i++)
        {
            length += Accesses[i].Size;
        }

        if (into.Length < length)
        {
            into = new byte[length * 2];
        }

        int at = 0;
        for (int i = 0; i < Count; i++)
        {
            if (IsKnown(space.PageTraps!, i))
            {
                space.Read(Accesses[i].Address, into.AsSpan(at, Accesses[i].Size));
            }

            at += Accesses[i].Size;
        }
    }

    private ReadOnlySpan<byte> Slice(byte[] bytes, int index)
    {
        int at = 0;
        for (int i = 0; i < index; i++)
        {
            at += Accesses[i].Size;
        }

        return bytes.AsSpan(at, Accesses[index].Size);
    }
}
