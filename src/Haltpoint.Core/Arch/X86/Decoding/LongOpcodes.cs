using Haltpoint.Breakpoints;

namespace Haltpoint.Arch.X86.Decoding;

/// <summary>The opcodes behind 0F 38 and 0F 3A (SDM volume 2, tables ).</summary>
internal static class LongOpcodes
{
    private const byte RepeatNot = 0xF2;
    private const byte Repeat = 0xF3;

    public static OpcodeTraits Find(int map, byte opcode, byte modRm, int operandSize, bool hasOperandSize, byte repeat)
    {
        int general = operandSize == 8 ? 8 : 4;
        if (map == 2)
        {
            return opcode >= 0xF0 ? General(opcode, operandSize, general, hasOperandSize, repeat) : repeat != 0 ? default : Vector(opcode, hasOperandSize);
        }

        return repeat != 0 ? default : WithImmediate(opcode, general, hasOperandSize);
    }

    private static OpcodeTraits General(byte opcode, int operandSize, int general, bool hasOperandSize, byte repeat) => (opcode, repeat) switch
    {
        (0xF0, 0) => OpcodeTraits.Read(operandSize),
        (0xF1, 0) => OpcodeTraits.Write(operandSize),
        (0xF0, RepeatNot) => OpcodeTraits.Read(1),
        (0xF1, RepeatNot) => OpcodeTraits.Read(operandSize),
        (0xF6, Repeat) => OpcodeTraits.Read(general),
        (0xF6, 0) when hasOperandSize => OpcodeTraits.Read(general),
        (0xF9, 0) when !hasOperandSize => OpcodeTraits.Write(general),
        _ => default,
    };

    private static OpcodeTraits Vector(byte opcode, bool hasOperandSize)
    {
        int whole = hasOperandSize ? 16 : 0;
        return OpcodeTraits.VectorRead(opcode switch
        {
            <= 0x0B or (>= 0x1C and <= 0x1E) => hasOperandSize ? 16 : 8,
            0x10 or 0x14 or 0x15 or 0x17 or 0x28 or 0x29 or 0x2A or 0x2B or (>= 0x37 and <= 0x41) or 0xCF or (>= 0xDB and <= 0xDF) => whole,
            0x20 or 0x23 or 0x25 or 0x30 or 0x33 or 0x35 => whole / 2,
            0x21 or 0x24 or 0x31 or 0x34 => whole / 4,
            0x22 or 0x32 => whole / 8,
            >= 0xC8 and <= 0xCD => hasOperandSize ? 0 : 16,
            _ => 0,
        });
    }

    private static OpcodeTraits WithImmediate(byte opcode, int general, bool hasOperandSize)
    {
        if (!hasOperandSize)
        {
            return OpcodeTraits.VectorRead(opcode == 0x0F ? 8 : opcode == 0xCC ? 16 : 0, 1);
        }

        return opcode switch
        {
            0x0A or 0x21 => OpcodeTraits.VectorRead(4, 1),
            0x0B => OpcodeTraits.VectorRead(8, 1),
            0x14 => OpcodeTraits.VectorWrite(1, 1),
            0x15 => OpcodeTraits.VectorWrite(2, 1),
            0x16 => OpcodeTraits.VectorWrite(general, 1),
            0x17 => OpcodeTraits.VectorWrite(4, 1),
            0x20 => OpcodeTraits.VectorRead(1, 1),
            0x22 => OpcodeTraits.VectorRead(general, 1),
            0x08 or 0x09 or (>= 0x0C and <= 0x0F) or (>= 0x40 and <= 0x42) or 0x44 or (>= 0x60 and <= 0x63) or 0xCE or 0xCF or 0xDF =>
                OpcodeTraits.VectorRead(16, 1),
            _ => default,
        };
    }
}
