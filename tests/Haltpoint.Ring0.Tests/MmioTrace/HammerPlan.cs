using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Haltpoint.Ring0.Tests.MmioTrace;

/// <summary>What Hammer.S does to a CPU's own 256 bytes, worked out from its source: each access with the symbol of its instruction.</summary>
internal sealed class HammerPlan
{
    private readonly byte[] _memory = new byte[256];
    private readonly List<(char Kind, int Width, ulong Offset, ulong Value, string Symbol)> _accesses = [];

    public static IReadOnlyList<(char Kind, int Width, ulong Offset, ulong Value, string Symbol)> Of(int rounds)
    {
        HammerPlan plan = new();
        for (ulong round = 1; round <= (ulong)rounds; round++)
        {
            plan.Add(unchecked(round * 0x0102030405060709));
        }

        return plan._accesses;
    }

    private void Add(ulong v)
    {
        Write(1, 1, 0, v);
        Write(2, 1, 1, v >> 8);
        Write(3, 2, 2, v);
        Write(4, 4, 4, v);
        Write(5, 8, 8, v);
        Write(6, 4, 16, 0x12345678);
        Write(7, 8, 24, unchecked((ulong)-2));
        Write(8, 8, 32, v);
        Write(9, 4, 41, v);
        Read(10, 1, 0);
        Read(11, 1, 1);
        Read(12, 2, 2);
        Read(13, 4, 4);
        Read(14, 8, 8);
        Read(15, 4, 4);
        Read(16, 8, 24);
        Read(17, 4, 16);
        Write(18, 8, 48, v);
        Write(18, 8, 56, v);
        Read(19, 8, 48);
        Read(19, 8, 56);
        Write(20, 4, 64, v);
        Write(21, 8, 72, v);
        Read(22, 8, 48);
        Read(22, 8, 56);
        Read(23, 8, 8);
        Write(24, 8, 80, v);
        foreach (int i in (int[])[0, 3, 8, 15])
        {
            Write(25, 1, 96 + i, v >> (8 * (i % 8)));
        }

        for (int i = 0; i < 3; i++)
        {
            Write(26, 2, 112 + (2 * i), v);
        }

        for (int i = 0; i < 5; i++)
        {
            Write(27, 1, 120 + i, 0xA0ul + (ulong)i);
        }

        Read(28, 4, 8);
        Read(28, 4, 12);
        for (int i = 0; i < 6; i++)
        {
            Read(29, 1, 120 + i);
        }

        Read(30, 8, 8);
        Modify(31, 4, 128, x => x + 1);
        Modify(32, 1, 132, x => ~x);
        Modify(33, 2, 2, x => x << 3);
        Modify(34, 8, 136, _ => v);
        Modify(35, 8, 152, x => x ^ (1 << 13));
        Modify(36, 8, 8, _ => ~v);
        Modify(37, 8, 32, x => x);
        Read(38, 8, 24);
        Write(39, 8, 160, unchecked((ulong)-2));
    }

    private void Modify(int number, int width, int offset, Func<ulong, ulong> change)
    {
        Read(number, width, offset);
        Write(number, width, offset, change(_accesses[^1].Value));
    }

    private void Read(int number, int width, int offset)
    {
        Span<byte> word = stackalloc byte[8];
        _memory.AsSpan(offset, width).CopyTo(word);
        _accesses.Add(('R', width, (ulong)offset, BinaryPrimitives.ReadUInt64LittleEndian(word), $"hammer_at_{number}"));
    }

    private void Write(int number, int width, int offset, ulong value)
    {
        Span<byte> word = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(word, value);
        word[..width].CopyTo(_memory.AsSpan(offset));
        value = width == 8 ? value : value & ((1ul << (8 * width)) - 1);
        _accesses.Add(('W', width, (ulong)offset, value, $"hammer_at_{number}"));
    }
}
