using System;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Shell;

namespace Haltpoint.Ring0.SelfTests;

/// <summary>The shell's <c>selftest</c>.</summary>
internal static class SelfTest
{
    private const int ShortRun = 20_000;

    /// <param name="what">Which group; empty for the list.</param>
    /// <param name="argument">The group's own.</param>
    public static void Run(ReadOnlySpan<byte> what, ReadOnlySpan<byte> argument)
    {
        if (!BreakpointTable.Pool.IsEmpty)
        {
            Commands.Print($"somebody has breakpoints: remove them first\r\n");
            return;
        }

        Check.Begin();
        if (what.SequenceEqual("scenarios"u8))
        {
            Scenarios.Run();
        }
        else if (what.SequenceEqual("masks"u8))
        {
            CpuMasks.Run();
        }
        else if (what.SequenceEqual("hits"u8))
        {
            Hits.Run();
        }
        else if (what.SequenceEqual("switches"u8))
        {
            Switches.Run();
        }
        else if (what.SequenceEqual("entries"u8))
        {
            Entries.Run();
        }
        else if (what.SequenceEqual("late"u8))
        {
            LateCpu.Run();
        }
        else if (what.SequenceEqual("random"u8))
        {
            RandomRequests.Run(Numbers.Parse(argument, ShortRun));
        }
        else
        {
            Commands.Print($"selftest scenarios|masks|hits|switches|entries|late|random [N]\r\n");
            return;
        }

        Check.End();
    }
}
