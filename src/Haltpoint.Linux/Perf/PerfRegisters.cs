using System.Runtime.CompilerServices;

namespace Haltpoint.Linux.Perf;

/// <summary>The general registers as a sample has them.</summary>
[InlineArray(Count)]
internal struct PerfRegisters
{
    public const int Count = 18;

    /// <summary>enum perf_event_x86_regs as a mask: all but the segment registers, which samples of 64-bit kernels refuse or never need.</summary>
    public const ulong Mask = 0xFF03FF;

    private ulong _first;

    public readonly ulong this[PerfRegister register] => this[(int)register];
}
