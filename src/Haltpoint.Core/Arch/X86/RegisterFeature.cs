namespace Haltpoint.Arch.X86;

/// <summary>Groups of registers that a description has or lacks as a whole (gdb manual, "i386 Features").</summary>
public enum RegisterFeature : byte
{
    Core,
    Sse,
    Linux,
    Segments,
    Avx,
    Avx512,
    Pkeys,
}
