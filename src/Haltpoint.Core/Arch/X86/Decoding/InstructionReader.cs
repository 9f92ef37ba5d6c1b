using System;
using System.Buffers.Binary;
using Haltpoint.Breakpoints;

namespace Haltpoint.Arch.X86.Decoding;

/// <summary>Takes the parts of an instruction one after the other.</summary>
internal static class InstructionReader
{
    private const byte OperandSizePrefix = 0x66;
    private const byte AddressSizePrefix = 0x67;

    public static bool TryRead(ReadOnlySpan<byte> code, out MemoryInstruction instruction)
    {
        instruction = default;
        int at = 0;
        byte rex = 0, repeat = 0, segment = 0;
        bool hasOperandSize = false, hasAddressSize = false, hasLock = false;
        for (; ; at++)
        {
            if (at >= code.Length || at >= MemoryInstruction.LongestInstruction)
            {
                return false;
            }

            byte value = code[at];
            if (value is >= 0x40 and <= 0x4F)
            {
                // Only the one right before the opcode counts.
                rex = value;
                continue;
            }

            bool isPrefix = true;
            switch (value)
            {
                case OperandSizePrefix:
                    hasOperandSize = true;
                    break;
                case AddressSizePrefix:
                    hasAddressSize = true;
                    break;
                case 0xF0:
                    hasLock = true;
                    break;
                case 0xF2 or 0xF3:
                    repeat = value;
                    break;
                case 0x64 or 0x65:
                    segment = value;
                    break;
                case 0x26 or 0x2E or 0x36 or 0x3E:
                    break;
                default:
                    isPrefix = false;
                    break;
            }

            if (!isPrefix)
            {
                break;
            }

            rex = 0;
        }

        int map = 0;
        byte opcode = code[at++];
        if (opcode == 0x0F)
        {
            if (at >= code.Length)
            {
                return false;
            }

            opcode = code[at++];
            map = opcode == 0x38 ? 2 : opcode == 0x3A ? 3 : 1;
            if (map > 1)
            {
                if (at >= code.Length)
                {
                    return false;
                }

                opcode = code[at++];
            }
        }

        // REX.W wins over the prefix (SDM volume 2, section 2.2.1.2).
        int operandSize = (rex & 8) != 0 ? 8 : hasOperandSize ? 2 : 4;
        int modRmOffset = at;
        byte modRm = at < code.Length ? code[at] : (byte)0;
        int mandatory = repeat != 0 ? repeat : hasOperandSize ? OperandSizePrefix : 0;
        OpcodeTraits traits = map switch
        {
            0 => GeneralOpcodes.Find(opcode, modRm, operandSize, hasAddressSize),
            1 => ExtendedOpcodes.Find(opcode, modRm, operandSize, mandatory),
            _ => LongOpcodes.Find(map, opcode, modRm, operandSize, hasOperandSize, repeat),
        };
        if (traits.Form == MemoryForm.None)
        {
            return false;
        }

        byte sib = 0;
        int operandLength = 0;
        long displacement = 0;
        if (traits.HasModRm)
        {
            int displacementLength = 0;
            if (at >= code.Length || !TryReadOperand(code[at..], out operandLength, out sib, out displacementLength, out displacement))
            {
                return false;
            }

            // A register in the place of the operand.
            if ((modRm >> 6 == 3) != (traits.Form == MemoryForm.MaskedStore))
            {
                return false;
            }

            at += operandLength;
        }

        if (traits.Form == MemoryForm.Absolute)
        {
            if (at + traits.ImmediateLength > code.Length)
            {
                return false;
            }

            displacement = traits.ImmediateLength == 8 ? BinaryPrimitives.ReadInt64LittleEndian(code[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(code[at..]);
        }

        int length = at + traits.ImmediateLength;
        if (length > code.Length || length > MemoryInstruction.LongestInstruction)
        {
            return false;
        }

        instruction = new MemoryInstruction
        {
            Length = length,
            Form = traits.Form,
            Access = traits.Access,
            Size = traits.Size,
            UsesVectors = traits.UsesVectors,
            Map = map,
            Opcode = opcode,
            ModRmOffset = traits.HasModRm ? modRmOffset : 0,
            OperandLength = operandLength,
            ImmediateLength = traits.ImmediateLength,
            Rex = rex,
            RepeatPrefix = repeat,
            HasOperandSize = hasOperandSize,
            HasAddressSize = hasAddressSize,
            HasLock = hasLock,
            Segment = segment,
            ModRm = traits.HasModRm ? modRm : (byte)0,
            Sib = sib,
            Displacement = displacement,
        };
        return true;
    }

    // SDM volume 2, tables 2-2 and 2-3.
    private static bool TryReadOperand(ReadOnlySpan<byte> code, out int length, out byte sib, out int displacementLength, out long displacement)
    {
        int mode = code[0] >> 6;
        bool hasSib = mode != 3 && (code[0] & 7) == 4;
        length = hasSib ? 2 : 1;
        sib = 0;
        displacement = 0;
        displacementLength = 0;
        if (length > code.Length)
        {
            return false;
        }

        sib = hasSib ? code[1] : (byte)0;
        bool isBare = mode == 0 && ((code[0] & 7) == 5 || (hasSib && (sib & 7) == 5));
        displacementLength = isBare || mode == 2 ? 4 : mode == 1 ? 1 : 0;
        if (length + displacementLength > code.Length)
        {
            return false;
        }

        displacement = displacementLength == 4 ? BinaryPrimitives.ReadInt32LittleEndian(code[length..]) : displacementLength == 1 ? (sbyte)code[length] : 0;
        length += displacementLength;
        return true;
    }
}
