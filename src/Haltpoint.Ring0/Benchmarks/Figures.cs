using System;
using Haltpoint.Ring0.Shell;
using Haltpoint.Ring0.Text;
using Haltpoint.Ring0.Time;

namespace Haltpoint.Ring0.Benchmarks;

/// <summary>The shell's <c>bench</c>: figures for bench/Haltpoint.Bench.Ring0, which takes medians and makes ratios.</summary>
internal static class Figures
{
    public static void Run(ReadOnlySpan<byte> what)
    {
        if (what.SequenceEqual("switches"u8))
        {
            SwitchBench.Run();
        }
        else if (what.SequenceEqual("slots"u8))
        {
            SlotBench.Run();
        }
        else
        {
            Commands.Print($"bench switches|slots\r\n");
        }
    }

    /// <param name="name">Without spaces.</param>
    /// <param name="cycles">Of the time-stamp counter.</param>
    /// <param name="operations">That were made in them.</param>
    public static void Print(scoped in Line name, ulong cycles, int operations)
    {
        ulong nanoseconds = cycles * 1000 / (Clock.Frequency / 1_000_000);
        Commands.Print($"figure {name.Text} {nanoseconds / (uint)operations}\r\n");
    }
}
