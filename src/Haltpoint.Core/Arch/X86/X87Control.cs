using System;
using System.Buffers.Binary;

namespace Haltpoint.Arch.X86;

/// <summary>The x87 control registers between the FXSAVE area and the eight 32-bit values that debuggers show.</summary>
/// <remarks>
/// Order of the values: control, status, tag, instruction segment and offset, operand segment and offset, opcode.
/// FXSAVE keeps one tag bit per register ("not empty"); the full tag word with two bits is worked out from the contents
/// (Intel SDM vol. 2, FXSAVE, "Recreating FSAVE format").
/// </remarks>
public static class X87Control
{
    /// <summary>Bytes of the eight values.</summary>
    public const int Length = 32;

    private const int TagIndex = 2;
    private const ushort OpcodeMask = 0x7FF;
    private const int StackOffset = 32;

    public static void FromLegacy(ReadOnlySpan<byte> legacy, Span<byte> control)
    {
        ushort status = BinaryPrimitives.ReadUInt16LittleEndian(legacy[2..]);
        Write(control, 0, BinaryPrimitives.ReadUInt16LittleEndian(legacy));
        Write(control, 1, status);
        Write(control, TagIndex, FullTags(legacy[4], TopOfStack(status), legacy.Slice(StackOffset, 128)));
        Write(control, 3, BinaryPrimitives.ReadUInt16LittleEndian(legacy[12..]));
        Write(control, 4, BinaryPrimitives.ReadUInt32LittleEndian(legacy[8..]));
        Write(control, 5, BinaryPrimitives.ReadUInt16LittleEndian(legacy[20..]));
        Write(control, 6, BinaryPrimitives.ReadUInt32LittleEndian(legacy[16..]));
        Write(control, 7, (uint)BinaryPrimitives.ReadUInt16LittleEndian(legacy[6..]) & OpcodeMask);
    }

    public static void ToLegacy(ReadOnlySpan<byte> control, Span<byte> legacy)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(legacy, (ushort)Read(control, 0));
        BinaryPrimitives.WriteUInt16LittleEndian(legacy[2..], (ushort)Read(control, 1));
        legacy[4] = AbridgedTags((ushort)Read(control, TagIndex));
        BinaryPrimitives.WriteUInt16LittleEndian(legacy[12..], (ushort)Read(control, 3));
        BinaryPrimitives.WriteUInt32LittleEndian(legacy[8..], Read(control, 4));
        BinaryPrimitives.WriteUInt16LittleEndian(legacy[20..], (ushort)Read(control, 5));
        BinaryPrimitives.WriteUInt32LittleEndian(legacy[16..], Read(control, 6));
        BinaryPrimitives.WriteUInt16LittleEndian(legacy[6..], (ushort)(Read(control, 7) & OpcodeMask));
    }

    /// <summary>The tag word with two bits per physical register: 0 valid, 1 zero, 2 special, 3 empty.</summary>
    /// <param name="abridged">One bit per physical register, set when it is not empty.</param>
    /// <param name="top">Physical register that is st0 now.</param>
    /// <param name="stack">st0 to st7, 16 bytes each of which 10 count.</param>
    public static ushort FullTags(byte abridged, int top, ReadOnlySpan<byte> stack)
    {
        const int empty = 3;
        int tags = 0;
        for (int physical = 0; physical < 8; physical++)
        {
            bool used = (abridged >> physical & 1) != 0;
            int tag = used ? Classify(stack.Slice(((physical - top) & 7) * 16, 10)) : empty;
            tags |= tag << (2 * physical);
        }

        return (ushort)tags;
    }

    public static byte AbridgedTags(ushort full)
    {
        const int empty = 3;
        int abridged = 0;
        for (int physical = 0; physical < 8; physical++)
        {
            if ((full >> (2 * physical) & 3) != empty)
            {
                abridged |= 1 << physical;
            }
        }

        return (byte)abridged;
    }

    private static int TopOfStack(ushort status) => status >> 11 & 7;

    private static int Classify(ReadOnlySpan<byte> value)
    {
        const int valid = 0;
        const int zero = 1;
        const int special = 2;
        const int exponentMask = 0x7FFF;
        ulong significand = BinaryPrimitives.ReadUInt64LittleEndian(value);
        int exponent = BinaryPrimitives.ReadUInt16LittleEndian(value[8..]) & exponentMask;
        bool integerBit = significand >> 63 != 0;
        return exponent switch
        {
            exponentMask => special,
            0 => significand == 0 ? zero : special,
            _ => integerBit ? valid : special,
        };
    }

    private static void Write(Span<byte> control, int index, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(control[(index * 4)..], value);

    private static uint Read(ReadOnlySpan<byte> control, int index) =>
        BinaryPrimitives.ReadUInt32LittleEndian(control[(index * 4)..]);
}
