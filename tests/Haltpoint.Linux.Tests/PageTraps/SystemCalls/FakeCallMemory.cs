using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Haltpoint.Linux.PageTraps.SystemCalls;

namespace Haltpoint.Linux.Tests.PageTraps.SystemCalls;

/// <summary>A process's memory of whole pages, seen by the program and, with the armed ranges away, by the kernel.</summary>
internal sealed class FakeCallMemory(ArmedRange[] armed) : ICallMemory
{
    public const ulong Scratch = 0x7000_0000_0000;
    private const int PageSize = 4096;

    private readonly Dictionary<ulong, byte[]> _pages = [];
    private ulong _scratchEnd = Scratch;

    public int ScratchLeft { get; set; } = 1 << 20;

    public FakeCallMemory Map(ulong address, ulong length)
    {
        for (ulong page = address / PageSize; page * PageSize < address + length; page++)
        {
            _pages.TryAdd(page, new byte[PageSize]);
        }

        return this;
    }

    public int Read(ulong address, Span<byte> into)
    {
        for (int i = 0; i < into.Length; i++)
        {
            if (!_pages.TryGetValue((FromHome(address) + (ulong)i) / PageSize, out byte[]? page))
            {
                return i;
            }

            into[i] = page[(address + (ulong)i) % PageSize];
        }

        return into.Length;
    }

    public bool TryWrite(ulong address, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (!_pages.TryGetValue((FromHome(address) + (ulong)i) / PageSize, out byte[]? page))
            {
                return false;
            }

            page[(address + (ulong)i) % PageSize] = bytes[i];
        }

        return true;
    }

    public ulong AllocateScratch(int length)
    {
        if (length > ScratchLeft)
        {
            return 0;
        }

        ulong address = _scratchEnd;
        ScratchLeft -= length;
        _scratchEnd += ((ulong)length + 15) & ~15ul;
        Map(address, (ulong)length);
        return address;
    }

    public byte[] Bytes(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        return bytes[..Read(address, bytes)];
    }

    public void Put(ulong address, params ulong[] values)
    {
        byte[] bytes = new byte[8];
        foreach (ulong value in values)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            TryWrite(address, bytes);
            address += 8;
        }
    }

    public void PutText(ulong address, string text) => TryWrite(address, Encoding.ASCII.GetBytes(text + "\0"));

    public ulong Long(ulong address) => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(address, 8));

    /// <summary>As the kernel would: false where a call would end with EFAULT.</summary>
    public bool KernelReaches(ulong address, int length)
    {
        foreach (ArmedRange range in armed)
        {
            if (address < range.End && range.Start < address + (ulong)length)
            {
                return false;
            }
        }

        return Bytes(address, length).Length == length;
    }

    private ulong FromHome(ulong address)
    {
        foreach (ArmedRange range in armed)
        {
            if (range.Contains(address - range.Delta))
            {
                return address - range.Delta;
            }
        }

        return address;
    }
}
