using System;
using Haltpoint.Linux.PageTraps.Instructions;
using Haltpoint.Linux.Ptrace;
using Haltpoint.PageTraps;

namespace Haltpoint.Linux.PageTraps;

/// <summary>What memory held around the accesses of one instruction. Used again for every instruction.</summary>
/// <remarks>A device is never read for it: its values are known when the accesses were made one by one, and are set then.</remarks>
internal sealed class AccessValues
{
    private readonly bool[] _isDevice = new bool[MemoryAccess.Most];
    private readonly bool[] _hasBefore = new bool[MemoryAccess.Most];
    private readonly bool[] _hasAfter = new bool[MemoryAccess.Most];
    private byte[] _before = new byte[256];
    private byte[] _after = new byte[256];

    public MemoryAccess[] Accesses { get; } = new MemoryAccess[MemoryAccess.Most];

    public int Count { get; set; }

    /// <summary>Whether one of the accesses is to a device; known after <see cref="ReadBefore"/>, like all that follows.</summary>
    public bool HasDevice { get; private set; }

    public bool IsDevice(int index) => _isDevice[index];

    /// <summary>Empty when it is not known.</summary>
    public ReadOnlySpan<byte> Before(int index) => _hasBefore[index] ? Slice(_before, index) : default;

    /// <summary>Empty when it is not known.</summary>
    public ReadOnlySpan<byte> After(int index) => _hasAfter[index] ? Slice(_after, index) : default;

    public void ReadBefore(AddressSpace space)
    {
        int length = 0;
        HasDevice = false;
        for (int i = 0; i < Count; i++)
        {
            length += Accesses[i].Size;
            _isDevice[i] = space.PageTraps!.Table.TryFindRun(Accesses[i].Address, (ulong)Accesses[i].Size, out TrappedRun run) && run.Has(RunTraits.Device);
            HasDevice |= _isDevice[i];
        }

        if (_before.Length < length)
        {
            _before = new byte[length * 2];
            _after = new byte[length * 2];
        }

        Read(space, _before, _hasBefore);
        _hasAfter.AsSpan(0, Count).Clear();
    }

    public void ReadAfter(AddressSpace space) => Read(space, _after, _hasAfter);

    /// <summary>What a device gave.</summary>
    public void SetRead(int index, ReadOnlySpan<byte> value)
    {
        value.CopyTo(Slice(_before, index));
        _hasBefore[index] = true;
        SetAfter(index, value);
    }

    /// <summary>What a device was given, or gave when nothing was written.</summary>
    public void SetAfter(int index, ReadOnlySpan<byte> value)
    {
        value.CopyTo(Slice(_after, index));
        _hasAfter[index] = true;
    }

    private void Read(AddressSpace space, byte[] into, bool[] isKnown)
    {
        int at = 0;
        for (int i = 0; i < Count; i++)
        {
            if (!_isDevice[i])
            {
                space.Read(Accesses[i].Address, into.AsSpan(at, Accesses[i].Size));
                isKnown[i] = true;
            }
            else if (into == _before)
            {
                isKnown[i] = false;
            }

            at += Accesses[i].Size;
        }
    }

    private Span<byte> Slice(byte[] bytes, int index)
    {
        int at = 0;
        for (int i = 0; i < index; i++)
        {
            at += Accesses[i].Size;
        }

        return bytes.AsSpan(at, Accesses[index].Size);
    }
}
