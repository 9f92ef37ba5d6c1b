using System;

namespace Haltpoint.Rsp;

/// <summary>Signal numbers as the protocol has them, and as Linux has them.</summary>
/// <remarks>The protocol's numbers are gdb's own (gdb manual, "Stop Reply Packets"; its include/gdb/signals.def is the list).</remarks>
public static class GdbSignal
{
    /// <summary>Highest number a Linux signal has.</summary>
    public const int LastLinux = 64;

    /// <summary>A signal that gdb has no number for.</summary>
    public const int Unknown = 143;

    public const int Interrupt = 2;
    public const int Trap = 5;

    private const int RealTime33 = 45;
    private const int RealTime32 = 77;
    private const int RealTime64 = 78;

    // Indexed by the Linux number.
    private static ReadOnlySpan<byte> Gdb =>
    [
        0,
        1, 2, 3, 4, 5, 6, 10, 8, 9, 30, 11, 31, 13, 14, 15, Unknown,
        20, 19, 17, 18, 21, 22, 16, 24, 25, 26, 27, 28, 23, 32, 12,
    ];

    public static int FromLinux(int signal) => signal switch
    {
        < 0 => Unknown,
        < 32 => Gdb[signal],
        32 => RealTime32,
        < 64 => RealTime33 + (signal - 33),
        64 => RealTime64,
        _ => Unknown,
    };

    /// <returns>The Linux number, or -1 when there is none.</returns>
    public static int ToLinux(int signal)
    {
        switch (signal)
        {
            case RealTime32:
                return 32;
            case RealTime64:
                return 64;
            case >= RealTime33 and < RealTime33 + 31:
                return 33 + (signal - RealTime33);
            case Unknown:
                return -1;
        }

        for (int linux = 0; linux < 32; linux++)
        {
            if (Gdb[linux] == signal)
            {
                return linux;
            }
        }

        return -1;
    }
}
