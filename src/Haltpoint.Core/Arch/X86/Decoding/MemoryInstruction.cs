using System;
using Haltpoint.Breakpoints;

namespace Haltpoint.Arch.X86.Decoding;

/// <summary>One instruction of 64-bit code that touches memory: how long it is, and which bytes it reads and writes.</summary>
/// <remarks>
/// General, x87, MMX and SSE to SSE4.2 with their companions (AES, SHA, CRC32, MOVBE). Not what a kernel that leaves CR4.OSXSAVE off
/// cannot execute: VEX, EVEX, XSAVE. Accesses to the stack by instructions that have no other memory operand do not count.
/// Intel SDM volume 2: section 2.1 for the format, appendix A for the opcodes.
/// </remarks>
public readonly struct MemoryInstruction
{
    /// <summary>Bytes of the longest instruction.</summary>
    public const int LongestInstruction = 15;

    /// <summary>Bytes of the largest operand (FXSAVE).</summary>
    public const int LargestOperand = 512;

    private const int StackPointer = 4;

    public int Length { get; init; }

    public MemoryForm Form { get; init; }

    /// <summary>What is done to the operand. Of a string instruction: at RDI when it writes or compares, at RSI otherwise (<see cref="UsesSource"/>).</summary>
    public AccessKind Access { get; init; }

    /// <summary>Bytes of the operand; of a string instruction, of one element.</summary>
    public int Size { get; init; }

    /// <summary>Whether x87, MMX or SSE state takes part.</summary>
    public bool UsesVectors { get; init; }

    /// <summary>0 for one byte, 1 for 0F, 2 for 0F 38, 3 for 0F 3A.</summary>
    public int Map { get; init; }

    public byte Opcode { get; init; }

    /// <summary>Where the ModRM byte is; 0 when there is none.</summary>
    public int ModRmOffset { get; init; }

    /// <summary>Bytes of ModRM, SIB and displacement.</summary>
    public int OperandLength { get; init; }

    public int ImmediateLength { get; init; }

    /// <summary>0 when there is none.</summary>
    public byte Rex { get; init; }

    /// <summary>F2, F3 or 0.</summary>
    public byte RepeatPrefix { get; init; }

    public bool HasOperandSize { get; init; }

    public bool HasAddressSize { get; init; }

    public bool HasLock { get; init; }

    /// <summary>64 or 65 for the segments that have a base in 64-bit mode, else 0.</summary>
    public byte Segment { get; init; }

    public byte ModRm { get; init; }

    public byte Sib { get; init; }

    /// <summary>Sign-extended; the address itself for <see cref="MemoryForm.Absolute"/>.</summary>
    public long Displacement { get; init; }

    public bool IsRepeated => Form == MemoryForm.String && RepeatPrefix != 0;

    /// <summary>Number of the register that ModRM names, or an extension of the opcode.</summary>
    public int Register => (ModRm >> 3 & 7) | ((Rex & 4) << 1);

    /// <summary>Whether the string instruction reads at RSI.</summary>
    public bool UsesSource => Form == MemoryForm.String && Opcode is 0x6E or 0x6F or 0xA4 or 0xA5 or 0xA6 or 0xA7 or 0xAC or 0xAD;

    /// <summary>Whether the string instruction touches memory at RDI, and how.</summary>
    public AccessKind DestinationAccess => Form != MemoryForm.String ? AccessKind.None : Opcode switch
    {
        0x6C or 0x6D or 0xA4 or 0xA5 or 0xAA or 0xAB => AccessKind.Write,
        0xA6 or 0xA7 or 0xAE or 0xAF => AccessKind.Read,
        _ => AccessKind.None,
    };

    /// <summary>Decodes what begins at the first byte.</summary>
    /// <returns>False for what touches no memory, is not known here, or does not end within <paramref name="code"/>.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> code, out MemoryInstruction instruction) =>
        InstructionReader.TryRead(code, out instruction) && instruction.Form != MemoryForm.None;

    /// <summary>Where the operand begins, by the registers before the instruction; of a string instruction, at RSI.</summary>
    /// <param name="registers">The 16 general registers by number, RSP being 4.</param>
    /// <param name="address">Of the instruction itself.</param>
    /// <param name="segmentBase">Of the segment that <see cref="Segment"/> names.</param>
    public ulong AddressOf(ReadOnlySpan<ulong> registers, ulong address, ulong segmentBase)
    {
        ulong offset = Form switch
        {
            MemoryForm.Absolute => (ulong)Displacement,
            MemoryForm.Translate => registers[3] + (registers[0] & 0xFF),
            MemoryForm.String => registers[6],
            MemoryForm.MaskedStore => registers[7],
            _ => OffsetOf(registers, address) + BitOffset(registers),
        };
        return segmentBase + (HasAddressSize ? (uint)offset : offset);
    }

    /// <summary>Where the string instruction's other operand begins. No prefix changes its segment.</summary>
    public ulong DestinationOf(ReadOnlySpan<ulong> registers) => HasAddressSize ? (uint)registers[7] : registers[7];

    private ulong OffsetOf(ReadOnlySpan<ulong> registers, ulong address)
    {
        int mode = ModRm >> 6;
        int rm = ModRm & 7;
        ulong offset = (ulong)Displacement;
        if (rm != 4)
        {
            bool isRelative = mode == 0 && rm == 5;
            return offset + (isRelative ? address + (ulong)Length : registers[rm | ((Rex & 1) << 3)]);
        }

        int index = (Sib >> 3 & 7) | ((Rex & 2) << 2);
        if (index != 4)
        {
            offset += registers[index] << (Sib >> 6);
        }

        bool hasBase = mode != 0 || (Sib & 7) != 5;
        int baseRegister = (Sib & 7) | ((Rex & 1) << 3);

        // POP takes the value away before it asks where to (SDM volume 2, "POP").
        ulong popped = Form == MemoryForm.Pop && baseRegister == StackPointer ? (ulong)Size : 0;
        return offset + (hasBase ? registers[baseRegister] + popped : 0);
    }

    // The number in the register is signed; the operand that holds the bit is the one accessed.
    private ulong BitOffset(ReadOnlySpan<ulong> registers)
    {
        if (Form != MemoryForm.BitString)
        {
            return 0;
        }

        long bit = Size switch
        {
            2 => (short)registers[Register],
            4 => (int)registers[Register],
            _ => (long)registers[Register],
        };
        int shift = Size == 2 ? 4 : Size == 4 ? 5 : 6;
        return (ulong)((bit >> shift) * Size);
    }
}
