namespace Haltpoint.Arch.X86;

/// <summary>How a debugger shows a register; the names and widths are in <see cref="RegisterTypes"/>.</summary>
public enum RegisterType : byte
{
    Int32,
    Int64,
    DataPointer32,
    DataPointer64,
    CodePointer32,
    CodePointer64,
    Eflags,
    X87Extended,
    X87Control,
    Vector128,
    Mxcsr,
    Number32,
    Number64,
    Unsigned32,
    Unsigned64,
    Unsigned128,
    Unsigned128Pair,
}
