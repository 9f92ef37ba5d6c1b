using System;
using System.Runtime.CompilerServices;
using Haltpoint.Ring0.Serial;
using Haltpoint.Ring0.Text;
using Haltpoint.Ring0.Threads;
using Haltpoint.Ring0.Time;

namespace Haltpoint.Ring0.Logging;

/// <summary>What the kernel has to say: on the console at once, and kept for the shell's dmesg and the debugger.</summary>
internal static unsafe class Log
{
    private const int Capacity = 0x1_0000;

    private static SpinLock s_lock;
    private static Ring s_ring;
    private static ulong s_written;

    /// <summary>One line. Not from NMI, #DB and #BP handlers: they may have interrupted somebody who holds the lock.</summary>
    public static void Write(scoped in Line line)
    {
        ulong now = Clock.Frequency == 0 ? 0 : Clock.Microseconds;
        Line time = new(0, 0);
        time.AppendLiteral("[");
        time.AppendFormatted(now / 1_000_000, 4);
        time.AppendLiteral(".");
        time.AppendPadded(now % 1_000_000, 6);
        time.AppendLiteral("] ");
        ulong flags = s_lock.Enter();
        Put(time.Text);
        Put(line.Text);
        Put("\n"u8);
        s_lock.Exit(flags);
    }

    /// <summary>For panic: nobody else will write any more.</summary>
    public static void BreakLock()
    {
        s_lock.Break();
        SerialConsole.BreakLock();
    }

    /// <summary>Copies what is kept, from byte <paramref name="position"/> on, counted from the first ever written. Takes no lock.</summary>
    /// <returns>Bytes copied; <paramref name="position"/> is then behind them.</returns>
    public static int Read(ref ulong position, Span<byte> destination)
    {
        ulong written = s_written;
        if (position + Capacity < written)
        {
            position = written - Capacity;
        }

        int count = (int)Math.Min(written - position, (ulong)destination.Length);
        for (int i = 0; i < count; i++)
        {
            destination[i] = s_ring[(int)(position++ % Capacity)];
        }

        return count;
    }

    private static void Put(ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            s_ring[(int)(s_written++ % Capacity)] = value;
        }

        SerialConsole.Write(text);
    }

    [InlineArray(Capacity)]
    private struct Ring
    {
        private byte _first;
    }
}
