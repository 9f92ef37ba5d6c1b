namespace Haltpoint.Linux.Perf;

/// <summary>Where a register is in <see cref="PerfRegisters"/>: the order of asm/perf_regs.h without the segments.</summary>
internal enum PerfRegister
{
    Ax,
    Bx,
    Cx,
    Dx,
    Si,
    Di,
    Bp,
    Sp,
    Ip,
    Flags,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
}
