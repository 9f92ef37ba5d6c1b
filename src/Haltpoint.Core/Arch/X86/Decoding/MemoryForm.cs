namespace Haltpoint.Arch.X86.Decoding;

/// <summary>How an instruction says which memory it touches.</summary>
public enum MemoryForm : byte
{
    /// <summary>It touches none, but for the stack.</summary>
    None,

    /// <summary>By its ModRM byte.</summary>
    Operand,

    /// <summary>By its ModRM byte, and a bit number in a register that reaches beyond the operand (BT and its like).</summary>
    BitString,

    /// <summary>By an address in the instruction; the other operand is the accumulator.</summary>
    Absolute,

    /// <summary>At RSI, at RDI, or at both; repeated when <see cref="MemoryInstruction.IsRepeated"/> says so.</summary>
    String,

    /// <summary>The byte at RBX + AL, into AL.</summary>
    Translate,

    /// <summary>Some of the bytes at RDI, by a mask in a register.</summary>
    MaskedStore,

    /// <summary>By its ModRM byte; the value goes onto the stack.</summary>
    Push,

    /// <summary>By its ModRM byte; the value comes from the stack.</summary>
    Pop,

    /// <summary>By its ModRM byte; the value is where to go on.</summary>
    Jump,

    /// <summary>As <see cref="Jump"/>, and the address behind the instruction goes onto the stack.</summary>
    Call,
}
