using Haltpoint.Breakpoints;

namespace Haltpoint.Arch.X86.Decoding;

/// <summary>The opcodes of one byte (SDM volume 2, tables; x87: tables ).</summary>
internal static class GeneralOpcodes
{
    private const int StackWord = 8;

    public static OpcodeTraits Find(byte opcode, byte modRm, int operandSize, bool hasAddressSize)
    {
        int extension = modRm >> 3 & 7;
        int immediate = operandSize == 2 ? 2 : 4;
        int size = (opcode & 1) == 0 ? 1 : operandSize;
        int pushed = operandSize == 2 ? 2 : StackWord;
        return opcode switch
        {
            // Arithmetic in eight rows of eight; the last row, CMP, writes nothing.
            < 0x40 when (opcode & 7) < 2 => opcode >= 0x38 ? OpcodeTraits.Read(size) : OpcodeTraits.Modify(size),
            < 0x40 when (opcode & 7) < 4 => OpcodeTraits.Read(size),
            0x63 => OpcodeTraits.Read(operandSize == 2 ? 2 : 4),
            0x69 => OpcodeTraits.Read(operandSize, immediate),
            0x6B => OpcodeTraits.Read(operandSize, 1),
            0x6C or 0x6D => OpcodeTraits.Of(MemoryForm.String, AccessKind.Write, PortSize(opcode, operandSize)),
            0x6E or 0x6F => OpcodeTraits.Of(MemoryForm.String, AccessKind.Read, PortSize(opcode, operandSize)),
            0x80 or 0x83 => OpcodeTraits.Operand(extension == 7 ? AccessKind.Read : AccessKind.ReadWrite, size, 1),
            0x81 => OpcodeTraits.Operand(extension == 7 ? AccessKind.Read : AccessKind.ReadWrite, size, immediate),
            0x84 or 0x85 or 0x8A or 0x8B => OpcodeTraits.Read(size),
            0x86 or 0x87 => OpcodeTraits.Modify(size),
            0x88 or 0x89 => OpcodeTraits.Write(size),
            0x8C when extension < 6 => OpcodeTraits.Write(2),
            0x8E when extension < 6 && extension != 1 => OpcodeTraits.Read(2),
            0x8F when extension == 0 => OpcodeTraits.Of(MemoryForm.Pop, AccessKind.Write, pushed),
            0xA0 or 0xA1 => Absolute(AccessKind.Read, size, hasAddressSize),
            0xA2 or 0xA3 => Absolute(AccessKind.Write, size, hasAddressSize),
            0xA4 or 0xA5 or 0xAA or 0xAB => OpcodeTraits.Of(MemoryForm.String, AccessKind.Write, size),
            0xA6 or 0xA7 or >= 0xAC and <= 0xAF => OpcodeTraits.Of(MemoryForm.String, AccessKind.Read, size),
            0xC0 or 0xC1 => OpcodeTraits.Modify(size, 1),
            >= 0xD0 and <= 0xD3 => OpcodeTraits.Modify(size),
            0xC6 when extension == 0 => OpcodeTraits.Write(1, 1),
            0xC7 when extension == 0 => OpcodeTraits.Write(operandSize, immediate),
            0xD7 => OpcodeTraits.Of(MemoryForm.Translate, AccessKind.Read, 1),
            >= 0xD8 and <= 0xDF => FloatingPoint(opcode, extension, operandSize == 2),
            0xF6 or 0xF7 when extension < 2 => OpcodeTraits.Read(size, opcode == 0xF6 ? 1 : immediate),
            0xF6 or 0xF7 when extension < 4 => OpcodeTraits.Modify(size),
            0xF6 or 0xF7 => OpcodeTraits.Read(size),
            0xFE or 0xFF when extension < 2 => OpcodeTraits.Modify(size),
            0xFF when extension == 2 => OpcodeTraits.Of(MemoryForm.Call, AccessKind.Read, StackWord),
            0xFF when extension == 4 => OpcodeTraits.Of(MemoryForm.Jump, AccessKind.Read, StackWord),
            0xFF when extension == 6 => OpcodeTraits.Of(MemoryForm.Push, AccessKind.Read, pushed),
            _ => default,
        };
    }

    // There are no ports of 8 bytes.
    private static int PortSize(byte opcode, int operandSize) => (opcode & 1) == 0 ? 1 : operandSize == 2 ? 2 : 4;

    private static OpcodeTraits Absolute(AccessKind access, int size, bool hasAddressSize) =>
        new() { Form = MemoryForm.Absolute, Access = access, Size = size, ImmediateLength = hasAddressSize ? 4 : 8 };

    private static OpcodeTraits FloatingPoint(byte opcode, int extension, bool isShort)
    {
        int environment = isShort ? 14 : 28;
        int state = environment + 80;
        return (opcode, extension) switch
        {
            (0xD8 or 0xDA, _) => OpcodeTraits.VectorRead(4),
            (0xDC, _) => OpcodeTraits.VectorRead(8),
            (0xDE, _) => OpcodeTraits.VectorRead(2),
            (0xD9 or 0xDB, 0) => OpcodeTraits.VectorRead(4),
            (0xD9, 2 or 3) or (0xDB, 1 or 2 or 3) => OpcodeTraits.VectorWrite(4),
            (0xD9, 4) => OpcodeTraits.VectorRead(environment),
            (0xD9, 5) => OpcodeTraits.VectorRead(2),
            (0xD9, 6) => OpcodeTraits.VectorWrite(environment),
            (0xD9, 7) => OpcodeTraits.VectorWrite(2),
            (0xDB, 5) => OpcodeTraits.VectorRead(10),
            (0xDB, 7) => OpcodeTraits.VectorWrite(10),
            (0xDD, 0) => OpcodeTraits.VectorRead(8),
            (0xDD, 1 or 2 or 3) => OpcodeTraits.VectorWrite(8),
            (0xDD, 4) => OpcodeTraits.VectorRead(state),
            (0xDD, 6) => OpcodeTraits.VectorWrite(state),
            (0xDD, 7) => OpcodeTraits.VectorWrite(2),
            (0xDF, 0) => OpcodeTraits.VectorRead(2),
            (0xDF, 1 or 2 or 3) => OpcodeTraits.VectorWrite(2),
            (0xDF, 4) => OpcodeTraits.VectorRead(10),
            (0xDF, 5) => OpcodeTraits.VectorRead(8),
            (0xDF, 6) => OpcodeTraits.VectorWrite(10),
            (0xDF, 7) => OpcodeTraits.VectorWrite(8),
            _ => default,
        };
    }
}
