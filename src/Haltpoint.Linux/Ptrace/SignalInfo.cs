using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Ptrace;

/// <summary><c>siginfo_t</c>: the words that are the same for all signals, and the rest unread.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SignalInfo
{
    /// <summary>An <c>int3</c> (SI_KERNEL; the kernel gives no finer code for it on x86).</summary>
    public const int Kernel = 0x80;

    /// <summary>A single step of a system call ended (TRAP_BRKPT, which x86 gives it).</summary>
    public const int CallTrap = 1;

    /// <summary>A single step ended, perhaps with a watchpoint hit (TRAP_TRACE).</summary>
    public const int TraceTrap = 2;

    /// <summary>A debug register fired (TRAP_HWBKPT).</summary>
    public const int HardwareTrap = 4;

    // After the three numbers, aligned to 8.
    private const int FaultOffset = 4;

    public int Signal;
    public int Error;
    public int Code;
    private Rest _rest;

    /// <summary>Where a fault of the processor's was (si_addr); meaningless for a signal that somebody sent.</summary>
    public ulong FaultAddress
    {
        readonly get => Unsafe.ReadUnaligned<ulong>(ref Unsafe.AsRef(in _rest[FaultOffset]));
        set => Unsafe.WriteUnaligned(ref _rest[FaultOffset], value);
    }

    /// <summary>The processor's own doing, not somebody's signal. <see cref="CallTrap"/> is not among them: an int1 of the program has it too.</summary>
    public readonly bool IsTrap => Code is Kernel or TraceTrap or HardwareTrap;

    [InlineArray(116)]
    private struct Rest
    {
        private byte _first;
    }
}
