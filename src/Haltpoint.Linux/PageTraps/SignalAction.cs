using System.Runtime.InteropServices;

namespace Haltpoint.Linux.PageTraps;

/// <summary>What a process does at a signal, as rt_sigaction(2) takes and gives it on x86-64.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SignalAction
{
    public const int Length = 32;

    public const ulong InformationFlag = 0x4;
    public const ulong RestorerFlag = 0x0400_0000;
    public const ulong OnStackFlag = 0x0800_0000;
    public const ulong NoDeferFlag = 0x4000_0000;
    public const ulong ResetFlag = 0x8000_0000;

    // SA_NOCLDSTOP, SA_NOCLDWAIT, SA_RESTART and SA_EXPOSE_TAGBITS; the kernel forgets all others.
    private const ulong KnownFlags = InformationFlag | RestorerFlag | OnStackFlag | NoDeferFlag | ResetFlag | 0x1 | 0x2 | 0x1000_0000 | 0x800;

    private const ulong DefaultHandler = 0;
    private const ulong IgnoringHandler = 1;

    // SIGKILL and SIGSTOP.
    private const ulong NeverBlocked = (1ul << 8) | (1ul << 18);

    public ulong Handler;
    public ulong Flags;
    public ulong Restorer;
    public ulong Mask;

    public readonly bool IsDefault => Handler == DefaultHandler;

    public readonly bool IsIgnored => Handler == IgnoringHandler;

    /// <summary>What the kernel keeps of it.</summary>
    public readonly SignalAction Kept => this with { Flags = Flags & KnownFlags, Mask = Mask & ~NeverBlocked };

    /// <summary>What is left of it when its handler has been started.</summary>
    public readonly SignalAction Started => (Flags & ResetFlag) != 0 ? this with { Handler = DefaultHandler } : this;
}
