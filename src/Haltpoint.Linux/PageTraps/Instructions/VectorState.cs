using System;
using System.Buffers.Binary;
using Haltpoint.Arch.X86;
using Haltpoint.Linux.Registers;
using Iced.Intel;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>Vector and opmask registers in an XSAVE area.</summary>
internal static class VectorState
{
    /// <summary>Bytes of the widest vector.</summary>
    public const int Widest = 64;

    private const int LowVectors = 16;
    private const int XmmStart = 160;
    private const int XmmLength = 16;
    private const int YmmHighLength = 16;
    private const int ZmmHighLength = 32;
    private const int StackStart = 32;
    private const int StackStride = 16;

    // The same for every thread: in standard format the processor fixes where a component is.
    private static readonly XsaveLayout s_layout = XsaveLayout.OfProcessor();
    private static readonly int s_avx = s_layout.OffsetOf(RegisterSet.Avx);
    private static readonly int s_opmask = s_layout.OffsetOf(RegisterSet.Opmask);
    private static readonly int s_zmmHigh = s_layout.OffsetOf(RegisterSet.ZmmHigh);
    private static readonly int s_highZmm = s_layout.OffsetOf(RegisterSet.HighZmm);

    /// <summary>Copies a register out; <paramref name="into"/> has <see cref="Widest"/> bytes and the rest of it is cleared.</summary>
    public static bool TryRead(ReadOnlySpan<byte> area, Register register, Span<byte> into)
    {
        into.Clear();
        if (register.IsMM())
        {
            area.Slice(StackStart + (register.GetNumber() * StackStride), sizeof(ulong)).CopyTo(into);
            return true;
        }

        if (!register.IsVectorRegister())
        {
            return false;
        }

        int length = register.GetSize();
        for (int start = 0; start < length;)
        {
            if (!TryLocate(area, register.GetNumber(), start, out int offset, out int part))
            {
                return false;
            }

            area.Slice(offset, part).CopyTo(into[start..]);
            start += part;
        }

        return true;
    }

    /// <summary>Replaces the first bytes of a register.</summary>
    /// <param name="area">The area, in which they are marked as having a value.</param>
    /// <param name="register">An xmm, ymm or zmm register.</param>
    /// <param name="value">Its first bytes.</param>
    /// <param name="clearsRest">Whether all others become zero, as VEX and EVEX instructions do.</param>
    public static bool TryWrite(Span<byte> area, Register register, ReadOnlySpan<byte> value, bool clearsRest)
    {
        if (!register.IsVectorRegister())
        {
            return false;
        }

        ExtendedFeatures present = ExtendedFeatures.None;
        for (int start = 0; start < (clearsRest ? Widest : value.Length);)
        {
            if (!TryLocate(area, register.GetNumber(), start, out int offset, out int part))
            {
                if (start >= value.Length)
                {
                    // The processor has no more of it to clear.
                    break;
                }

                return false;
            }

            ReadOnlySpan<byte> piece = value[int.Min(start, value.Length)..int.Min(start + part, value.Length)];
            piece.CopyTo(area[offset..]);
            if (clearsRest)
            {
                area.Slice(offset + piece.Length, part - piece.Length).Clear();
            }

            present |= Component(register.GetNumber(), start);
            start += part;
        }

        XsaveLayout.MarkPresent(area, present);
        return true;
    }

    public static bool TryReadMask(ReadOnlySpan<byte> area, Register register, out ulong mask)
    {
        mask = 0;
        int offset = s_opmask + (register.GetNumber() * sizeof(ulong));
        if (s_opmask == 0 || offset + sizeof(ulong) > area.Length)
        {
            return false;
        }

        mask = BinaryPrimitives.ReadUInt64LittleEndian(area[offset..]);
        return true;
    }

    public static void WriteMask(Span<byte> area, Register register, ulong mask)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(area[(s_opmask + (register.GetNumber() * sizeof(ulong)))..], mask);
        XsaveLayout.MarkPresent(area, XsaveLayout.FeatureOf(RegisterSet.Opmask, 0));
    }

    private static bool TryLocate(ReadOnlySpan<byte> area, int number, int start, out int offset, out int part)
    {
        int component;
        if (number >= LowVectors)
        {
            component = s_highZmm;
            offset = s_highZmm + ((number - LowVectors) * Widest) + start;
            part = Widest - start;
        }
        else if (start < XmmLength)
        {
            component = XmmStart;
            offset = XmmStart + (number * XmmLength) + start;
            part = XmmLength - start;
        }
        else if (start < XmmLength + YmmHighLength)
        {
            component = s_avx;
            offset = s_avx + (number * YmmHighLength) + start - XmmLength;
            part = XmmLength + YmmHighLength - start;
        }
        else
        {
            component = s_zmmHigh;
            offset = s_zmmHigh + (number * ZmmHighLength) + start - ZmmHighLength;
            part = Widest - start;
        }

        return component != 0 && offset + part <= area.Length;
    }

    private static ExtendedFeatures Component(int number, int start) => XsaveLayout.FeatureOf(
        number >= LowVectors ? RegisterSet.HighZmm
        : start < XmmLength ? RegisterSet.Legacy
        : start < XmmLength + YmmHighLength ? RegisterSet.Avx
        : RegisterSet.ZmmHigh,
        XmmStart);
}
