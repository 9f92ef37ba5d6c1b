using Haltpoint.Breakpoints;

namespace Haltpoint.Arch.X86.Decoding;

/// <summary>The opcodes behind 0F (SDM volume 2, tables ).</summary>
internal static class ExtendedOpcodes
{
    private const int None = 0;
    private const int OperandSize = 0x66;
    private const int RepeatNot = 0xF2;
    private const int Repeat = 0xF3;

    // The prefix: the one of 66, F2 and F3 that is part of the opcode of an SSE instruction, or 0.
    public static OpcodeTraits Find(byte opcode, byte modRm, int operandSize, int prefix)
    {
        int extension = modRm >> 3 & 7;
        int size = (opcode & 1) == 0 ? 1 : operandSize;
        return opcode switch
        {
            0x00 => extension < 2 ? OpcodeTraits.Write(2) : extension < 6 ? OpcodeTraits.Read(2) : default,
            0x01 => extension switch
            {
                0 or 1 => OpcodeTraits.Write(10),
                2 or 3 => OpcodeTraits.Read(10),
                4 => OpcodeTraits.Write(2),
                6 => OpcodeTraits.Read(2),
                _ => default,
            },
            0x02 or 0x03 => OpcodeTraits.Read(2),
            >= 0x40 and <= 0x4F => OpcodeTraits.Read(operandSize),
            >= 0x90 and <= 0x9F => OpcodeTraits.Write(1),
            0xA3 => OpcodeTraits.Of(MemoryForm.BitString, AccessKind.Read, operandSize),
            0xAB or 0xB3 or 0xBB => OpcodeTraits.Of(MemoryForm.BitString, AccessKind.ReadWrite, operandSize),
            0xA4 or 0xAC => OpcodeTraits.Modify(operandSize, 1),
            0xA5 or 0xAD => OpcodeTraits.Modify(operandSize),
            0xAE when prefix == None => State(extension),
            0xAF or 0xBC or 0xBD => OpcodeTraits.Read(operandSize),
            0xB8 when prefix == Repeat => OpcodeTraits.Read(operandSize),
            0xB0 or 0xB1 or 0xC0 or 0xC1 => OpcodeTraits.Modify(size),
            0xB2 or 0xB4 or 0xB5 => OpcodeTraits.Read(operandSize + 2),
            0xB6 or 0xBE => OpcodeTraits.Read(1),
            0xB7 or 0xBF => OpcodeTraits.Read(2),
            0xBA when extension >= 4 => OpcodeTraits.Operand(extension == 4 ? AccessKind.Read : AccessKind.ReadWrite, operandSize, 1),
            0xC3 when prefix == None => OpcodeTraits.Write(operandSize),
            0xC7 when extension == 1 => OpcodeTraits.Modify(operandSize == 8 ? 16 : 8),
            0xF7 => MaskedStore(prefix),
            _ => Vector(opcode, prefix, operandSize == 8 ? 8 : 4),
        };
    }

    private static OpcodeTraits State(int extension) => extension switch
    {
        0 => OpcodeTraits.VectorWrite(512),
        1 => OpcodeTraits.VectorRead(512),
        2 => OpcodeTraits.VectorRead(4),
        3 => OpcodeTraits.VectorWrite(4),
        _ => default,
    };

    private static OpcodeTraits MaskedStore(int prefix) => prefix is RepeatNot or Repeat
        ? default
        : new() { Form = MemoryForm.MaskedStore, Access = AccessKind.Write, Size = prefix == OperandSize ? 16 : 8, HasModRm = true, UsesVectors = true };

    private static OpcodeTraits Vector(byte opcode, int prefix, int general)
    {
        int packedOrScalar = prefix switch
        {
            Repeat => 4,
            RepeatNot => 8,
            _ => 16,
        };
        int packed = prefix is None or OperandSize ? 16 : 0;
        int either = prefix == None ? 8 : prefix == OperandSize ? 16 : 0;
        return opcode switch
        {
            0x10 or 0x51 or 0x58 or 0x59 or (>= 0x5C and <= 0x5F) => OpcodeTraits.VectorRead(packedOrScalar),
            0x11 or 0x2B => OpcodeTraits.VectorWrite(packedOrScalar),
            0x12 => OpcodeTraits.VectorRead(prefix == Repeat ? 16 : 8),
            0x16 => OpcodeTraits.VectorRead(prefix == Repeat ? 16 : prefix == RepeatNot ? 0 : 8),
            0x13 or 0x17 => OpcodeTraits.VectorWrite(packed / 2),
            0x14 or 0x15 or 0x28 or (>= 0x54 and <= 0x57) => OpcodeTraits.VectorRead(packed),
            0x29 => OpcodeTraits.VectorWrite(packed),
            0x2A => OpcodeTraits.VectorRead(prefix is None or OperandSize ? 8 : general),
            0x2C or 0x2D => OpcodeTraits.VectorRead(prefix == None ? 8 : packedOrScalar),
            0x2E or 0x2F => OpcodeTraits.VectorRead(prefix == None ? 4 : prefix == OperandSize ? 8 : 0),
            0x52 or 0x53 => OpcodeTraits.VectorRead(prefix == None ? 16 : prefix == Repeat ? 4 : 0),
            0x5A => OpcodeTraits.VectorRead(prefix == None ? 8 : packedOrScalar),
            0x5B => OpcodeTraits.VectorRead(prefix == RepeatNot ? 0 : 16),
            0x60 or 0x61 or 0x62 => OpcodeTraits.VectorRead(prefix == None ? 4 : either),
            0x6C or 0x6D => OpcodeTraits.VectorRead(prefix == OperandSize ? 16 : 0),
            0x6E => OpcodeTraits.VectorRead(either == 0 ? 0 : general),
            0x6F => OpcodeTraits.VectorRead(prefix == Repeat ? 16 : either),
            0x70 => OpcodeTraits.VectorRead(prefix == None ? 8 : 16, 1),
            0x7C or 0x7D or 0xD0 => OpcodeTraits.VectorRead(prefix is OperandSize or RepeatNot ? 16 : 0),
            0x7E => prefix == Repeat ? OpcodeTraits.VectorRead(8) : OpcodeTraits.VectorWrite(either == 0 ? 0 : general),
            0x7F => OpcodeTraits.VectorWrite(prefix == Repeat ? 16 : either),
            0xC2 => OpcodeTraits.VectorRead(packedOrScalar, 1),
            0xC4 => OpcodeTraits.VectorRead(either == 0 ? 0 : 2, 1),
            0xC6 => OpcodeTraits.VectorRead(packed, 1),
            0xD6 => OpcodeTraits.VectorWrite(prefix == OperandSize ? 8 : 0),
            0xE6 => OpcodeTraits.VectorRead(prefix == None ? 0 : prefix == Repeat ? 8 : 16),
            0xE7 => OpcodeTraits.VectorWrite(either),
            0xF0 => OpcodeTraits.VectorRead(prefix == RepeatNot ? 16 : 0),
            (>= 0x63 and <= 0x6B) or (>= 0x74 and <= 0x76) or (>= 0xD1 and <= 0xD5) or (>= 0xD8 and <= 0xEF) or (>= 0xF1 and <= 0xFE) =>
                OpcodeTraits.VectorRead(either),
            _ => default,
        };
    }
}
