using System;
using Haltpoint.Ring0.Shell;
using Haltpoint.Ring0.Text;

namespace Haltpoint.Ring0.SelfTests;

/// <summary>What the kernel's tests of itself print, for a person and for the tests at the console: a line for each case.</summary>
internal static class Check
{
    private static int s_passed;
    private static int s_failed;
    private static bool s_hasFailed;

    public static void Begin()
    {
        s_passed = 0;
        s_failed = 0;
        s_hasFailed = false;
    }

    /// <summary>A case is over.</summary>
    public static void Case(scoped in Line name)
    {
        s_passed += s_hasFailed ? 0 : 1;
        s_failed += s_hasFailed ? 1 : 0;
        Commands.Print($"{(s_hasFailed ? "FAILED"u8 : "ok"u8)}: {name.Text}\r\n");
        s_hasFailed = false;
    }

    /// <summary>A case that this machine cannot run.</summary>
    public static void Skip(scoped in Line name, ReadOnlySpan<byte> reason) => Commands.Print($"skipped: {name.Text}: {reason}\r\n");

    public static bool That(bool isSo, scoped in Line what)
    {
        if (!isSo)
        {
            s_hasFailed = true;
            Commands.Print($"  not so: {what.Text}\r\n");
        }

        return isSo;
    }

    public static void Equal(long expected, long actual, scoped in Line what)
    {
        if (expected != actual)
        {
            s_hasFailed = true;
            Commands.Print($"  {what.Text}: {actual} instead of {expected}\r\n");
        }
    }

    public static void End() => Commands.Print($"selftest: {s_passed} passed, {s_failed} failed\r\n");
}
