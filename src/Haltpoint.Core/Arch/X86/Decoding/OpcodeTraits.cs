using Haltpoint.Breakpoints;

namespace Haltpoint.Arch.X86.Decoding;

/// <summary>What an opcode says of the memory that it touches.</summary>
internal readonly struct OpcodeTraits
{
    public MemoryForm Form { get; init; }

    public AccessKind Access { get; init; }

    public int Size { get; init; }

    public bool HasModRm { get; init; }

    public int ImmediateLength { get; init; }

    public bool UsesVectors { get; init; }

    public static OpcodeTraits Operand(AccessKind access, int size, int immediate = 0) =>
        new() { Form = MemoryForm.Operand, Access = access, Size = size, HasModRm = true, ImmediateLength = immediate };

    public static OpcodeTraits Read(int size, int immediate = 0) => Operand(AccessKind.Read, size, immediate);

    public static OpcodeTraits Write(int size, int immediate = 0) => Operand(AccessKind.Write, size, immediate);

    public static OpcodeTraits Modify(int size, int immediate = 0) => Operand(AccessKind.ReadWrite, size, immediate);

    /// <summary>Of x87, MMX or SSE; nothing when <paramref name="size"/> is 0.</summary>
    public static OpcodeTraits Vector(AccessKind access, int size, int immediate = 0) => size == 0
        ? default
        : new() { Form = MemoryForm.Operand, Access = access, Size = size, HasModRm = true, ImmediateLength = immediate, UsesVectors = true };

    public static OpcodeTraits VectorRead(int size, int immediate = 0) => Vector(AccessKind.Read, size, immediate);

    public static OpcodeTraits VectorWrite(int size, int immediate = 0) => Vector(AccessKind.Write, size, immediate);

    public static OpcodeTraits Of(MemoryForm form, AccessKind access, int size) =>
        new() { Form = form, Access = access, Size = size, HasModRm = form is not (MemoryForm.String or MemoryForm.Translate or MemoryForm.Absolute) };
}
