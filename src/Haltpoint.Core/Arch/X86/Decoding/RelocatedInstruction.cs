using System;

namespace Haltpoint.Arch.X86.Decoding;

/// <summary>The same instruction with its memory operand at a place of the caller's: it does with the bytes there what the original does with its own.</summary>
/// <remarks>
/// The operand is at RSI or RDI, whichever the instruction does not use otherwise (<see cref="Pointer"/>); a string instruction has
/// its elements there, and is done once. Prefixes that only say where the operand is are gone, and so is LOCK.
/// </remarks>
public readonly struct RelocatedInstruction
{
    public const int LongestCode = MemoryInstruction.LongestInstruction;

    private const int StackPointer = 4;
    private const int SourceIndex = 6;
    private const int DestinationIndex = 7;
    private const int Substitute = 3;

    /// <summary>Bytes of the code; 0 for what moves the program counter or the stack, and for what touches no memory.</summary>
    public int Length { get; private init; }

    /// <summary>Number of the general register that must hold the operand's address; -1 when both RSI and RDI do.</summary>
    public int Pointer { get; private init; }

    /// <summary>RBX stands for RSP, which the code cannot use: it runs on a stack of its own.</summary>
    public bool ReplacesStackPointer { get; private init; }

    /// <param name="instruction">Decoded from <paramref name="original"/>.</param>
    /// <param name="original">Its bytes.</param>
    /// <param name="code">At least <see cref="LongestCode"/> bytes.</param>
    public static RelocatedInstruction Write(in MemoryInstruction instruction, ReadOnlySpan<byte> original, Span<byte> code)
    {
        int length = 0;
        if (instruction.HasOperandSize)
        {
            code[length++] = 0x66;
        }

        if (instruction.RepeatPrefix != 0 && instruction.Form != MemoryForm.String)
        {
            code[length++] = instruction.RepeatPrefix;
        }

        switch (instruction.Form)
        {
            case MemoryForm.Operand or MemoryForm.BitString:
                return WriteOperand(instruction, original, code, length);
            case MemoryForm.String:
                length = WriteRex(code, length, instruction.Rex);
                code[length++] = instruction.Opcode;
                return new RelocatedInstruction { Length = length, Pointer = -1 };
            case MemoryForm.Absolute or MemoryForm.Translate:
                // MOV with the accumulator, by a ModRM byte.
                length = WriteRex(code, length, (byte)(instruction.Rex & 0x48));
                code[length++] = instruction.Form == MemoryForm.Translate ? (byte)0x8A : (byte)(0x88 | (instruction.Opcode & 1) | ((instruction.Opcode & 2) ^ 2));
                code[length++] = SourceIndex;
                return new RelocatedInstruction { Length = length, Pointer = SourceIndex };
            case MemoryForm.MaskedStore:
                length = WriteRex(code, length, instruction.Rex);
                code[length++] = 0x0F;
                code[length++] = instruction.Opcode;
                code[length++] = instruction.ModRm;
                return new RelocatedInstruction { Length = length, Pointer = DestinationIndex };
            default:
                return default;
        }
    }

    private static RelocatedInstruction WriteOperand(in MemoryInstruction instruction, ReadOnlySpan<byte> original, Span<byte> code, int length)
    {
        bool isGeneral = NamesGeneralRegister(instruction);
        bool isByteRegister = isGeneral && instruction.Rex == 0 && NamesByteRegister(instruction);
        bool replaces = isGeneral && !isByteRegister && instruction.Register == StackPointer;
        int pointer = isGeneral && instruction.Register == SourceIndex ? DestinationIndex : SourceIndex;
        length = WriteRex(code, length, (byte)(instruction.Rex & 0x4C));
        if (instruction.Map > 0)
        {
            code[length++] = 0x0F;
        }

        if (instruction.Map > 1)
        {
            code[length++] = instruction.Map == 2 ? (byte)0x38 : (byte)0x3A;
        }

        code[length++] = instruction.Opcode;
        code[length++] = (byte)(((replaces ? Substitute : instruction.Register & 7) << 3) | pointer);
        original.Slice(instruction.Length - instruction.ImmediateLength, instruction.ImmediateLength).CopyTo(code[length..]);
        return new RelocatedInstruction { Length = length + instruction.ImmediateLength, Pointer = pointer, ReplacesStackPointer = replaces };
    }

    private static int WriteRex(Span<byte> code, int length, byte rex)
    {
        if (rex != 0)
        {
            code[length++] = rex;
        }

        return length;
    }

    // Elsewhere the field is a part of the opcode, or names a segment or vector register.
    private static bool NamesGeneralRegister(in MemoryInstruction instruction) => instruction.Map switch
    {
        0 => instruction.Opcode is < 0x80 or (>= 0x84 and <= 0x8B),
        1 => instruction.Opcode is 0x02 or 0x03 or 0x2C or 0x2D or (>= 0x40 and <= 0x4F) or (>= 0xA3 and <= 0xAD) or (>= 0xAF and <= 0xB8)
            or (>= 0xBB and <= 0xC1) or 0xC3,
        2 => instruction.Opcode >= 0xF0,
        _ => false,
    };

    private static bool NamesByteRegister(in MemoryInstruction instruction) => instruction.Map switch
    {
        0 => (instruction.Opcode & 1) == 0 && instruction.Opcode is < 0x40 or 0x84 or 0x86 or 0x88 or 0x8A,
        1 => instruction.Opcode is 0xB0 or 0xC0,
        _ => false,
    };
}
