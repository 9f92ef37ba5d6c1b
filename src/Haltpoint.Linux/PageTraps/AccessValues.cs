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
    private readonly bool[] _isWhole = new bool[MemoryAccess.Most];
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

        _hasBefore.AsSpan(0, Count).Clear();
        _hasAfter.AsSpan(0, Count).Clear();
        Read(space, _before, _hasBefore);
    }

    /// <summary>After the instruction: what is not known of it yet is read.</summary>
    public void ReadAfter(AddressSpace space) => Read(space, _after, _hasAfter);

    /// <summary>Memory as it was before, for an instruction that is emulated: one read serves the record and the program.</summary>
    public bool TryTakeBefore(ulong address, Span<byte> into)
    {
        for (int i = 0; i < Count; i++)
        {
            if (Accesses[i].Address == address && Accesses[i].Size == into.Length && _hasBefore[i] && _isWhole[i] && !_isDevice[i])
            {
                Before(i).CopyTo(into);
                return true;
            }
        }

        return false;
    }

    /// <summary>What an emulated instruction wrote. Emulation reads everything before it writes, and writes each operand once.</summary>
    public void NoteWritten(ulong address, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < Count; i++)
        {
            if (Accesses[i].Address == address && Accesses[i].Size == bytes.Length)
            {
                SetAfter(i, bytes);
            }
        }
    }

    /// <summary>After an emulated instruction: what was only read, and lies beside what was written, holds what it held.</summary>
    public void KeepUnwritten()
    {
        for (int i = 0; i < Count; i++)
        {
            if (!_hasAfter[i] && _isWhole[i] && !_isDevice[i] && !IsWritten(Accesses[i]))
            {
                SetAfter(i, Before(i));
            }
        }
    }

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
            if (!_isDevice[i] && !isKnown[i])
            {
                _isWhole[i] = space.Read(Accesses[i].Address, into.AsSpan(at, Accesses[i].Size)) == Accesses[i].Size;
                isKnown[i] = true;
            }

            at += Accesses[i].Size;
        }
    }

    private bool IsWritten(in MemoryAccess read)
    {
        foreach (ref readonly MemoryAccess access in Accesses.AsSpan(0, Count))
        {
            if ((access.Direction & AccessDirection.Write) != 0 && access.Address < read.Address + (ulong)read.Size
                && read.Address < access.Address + (ulong)access.Size)
            {
                return true;
            }
        }

        return false;
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
