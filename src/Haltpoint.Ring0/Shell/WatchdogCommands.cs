using System;
using System.Threading;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Serial;
using Haltpoint.Ring0.Text;
using Haltpoint.Ring0.Time;
using Haltpoint.Ring0.Watchdogs;

namespace Haltpoint.Ring0.Shell;

/// <summary>clocks, watchdogs, touches, and what provokes them: hang, spin, sleepers.</summary>
internal static unsafe class WatchdogCommands
{
    private const int TextLength = 8192;

    /// <returns>False when the word is none of them.</returns>
    public static bool TryRun(ReadOnlySpan<byte> word, ReadOnlySpan<byte> rest)
    {
        Words words = new(rest);
        if (word.SequenceEqual("clocks"u8))
        {
            RunClocks(ref words);
        }
        else if (word.SequenceEqual("watchdogs"u8))
        {
            RunWatchdogs(ref words);
        }
        else if (word.SequenceEqual("touches"u8))
        {
            RunTouches(ref words);
        }
        else if (word.SequenceEqual("spin"u8))
        {
            RunSpin(ref words);
        }
        else if (word.SequenceEqual("hang"u8))
        {
            Report(words.TryNext(out long milliseconds) && milliseconds > 0 && Provocations.Hang((int)Math.Min(milliseconds, int.MaxValue)), "hang MS"u8);
        }
        else if (word.SequenceEqual("sleepers"u8))
        {
            bool isGood = words.TryNext(out long count) && words.TryNext(out long step) && count is > 0 and <= 100 && step is > 0 and <= 10_000_000
                && Provocations.Sleep((int)count, (int)step);
            Report(isGood, "sleepers N MS"u8);
        }
        else
        {
            return false;
        }

        return true;
    }

    public static void Help() => SerialConsole.Write(
        "clocks   the clocks; clocks shift CPU US, clocks drift PPM: makes the time-stamp counter wrong; clocks check: compares all CPUs\r\n"u8
        + "watchdogs  what they know; watchdogs hard S, hung S, stall S: after how long they speak\r\n"u8
        + "touches  touches off WHOM: a debugger's stop is not told to clocks, soft, hard, hung, stall, all; touches on WHOM\r\n"u8
        + "spin     spin preemption MS, spin interrupts MS: keeps the last CPU busy with them off\r\n"u8
        + "hang     hang MS: a thread waits so long for another\r\n"u8
        + "sleepers sleepers N MS: N threads that wake so long after one another\r\n"u8);

    private static void RunClocks(ref Words words)
    {
        ReadOnlySpan<byte> word = words.Next();
        if (word.IsEmpty)
        {
            Print(clocksOnly: true);
        }
        else if (word.SequenceEqual("shift"u8) && words.TryNext(out long cpu) && words.TryNext(out long microseconds) && cpu >= 0 && cpu < CpuTable.Count)
        {
            ClockFault.Shift((int)cpu, (long)(Clock.Frequency / 1_000_000) * microseconds);
        }
        else if (word.SequenceEqual("drift"u8) && words.TryNext(out long partsPerMillion))
        {
            ClockFault.Drift(partsPerMillion);
        }
        else if (word.SequenceEqual("check"u8))
        {
            ClockCheck.Run();
        }
        else
        {
            Report(false, "clocks, clocks shift CPU US, clocks drift PPM, clocks check"u8);
        }
    }

    private static void RunWatchdogs(ref Words words)
    {
        ReadOnlySpan<byte> word = words.Next();
        if (word.IsEmpty)
        {
            Print(clocksOnly: false);
            return;
        }

        bool isGood = words.TryNext(out long seconds) && seconds is > 0 and < 1_000_000;
        if (isGood && word.SequenceEqual("hard"u8))
        {
            Thresholds.Hard = seconds * Thresholds.Second;
        }
        else if (isGood && word.SequenceEqual("hung"u8))
        {
            Thresholds.Hung = seconds * Thresholds.Second;
        }
        else if (isGood && word.SequenceEqual("stall"u8))
        {
            Thresholds.Stall = seconds * Thresholds.Second;
        }
        else
        {
            Report(false, "watchdogs, watchdogs hard S, watchdogs hung S, watchdogs stall S"u8);
        }
    }

    private static void RunTouches(ref Words words)
    {
        ReadOnlySpan<byte> word = words.Next();
        DetectorKinds kinds = DetectorKinds.None;
        ReadOnlySpan<byte> whom = words.Next();
        for (int bit = 1; bit < (int)DetectorKinds.All; bit <<= 1)
        {
            kinds |= whom.SequenceEqual(WatchdogReport.Name((DetectorKinds)bit)) || whom.SequenceEqual("all"u8) ? (DetectorKinds)bit : DetectorKinds.None;
        }

        bool isOff = word.SequenceEqual("off"u8);
        if (kinds == DetectorKinds.None || (!isOff && !word.SequenceEqual("on"u8)))
        {
            Report(false, "touches off WHOM, touches on WHOM: clocks, soft, hard, hung, stall, all"u8);
            return;
        }

        Touches.Off = isOff ? Touches.Off | kinds : Touches.Off & ~kinds;
    }

    private static void RunSpin(ref Words words)
    {
        ReadOnlySpan<byte> word = words.Next();
        bool isPreemption = word.SequenceEqual("preemption"u8);
        bool isGood = words.TryNext(out long milliseconds) && milliseconds > 0 && (isPreemption || word.SequenceEqual("interrupts"u8));
        Report(isGood && Provocations.Spin(isPreemption, milliseconds), "spin preemption MS, spin interrupts MS"u8);
    }

    private static void Print(bool clocksOnly)
    {
        byte* memory = stackalloc byte[TextLength];
        TextBuffer text = new(new Span<byte>(memory, TextLength));
        if (clocksOnly)
        {
            WatchdogReport.WriteClocks(ref text);
        }
        else
        {
            WatchdogReport.Write(ref text);
        }

        SerialConsole.Write(text.Text);
    }

    private static void Report(bool isGood, ReadOnlySpan<byte> usage)
    {
        if (!isGood)
        {
            Commands.Print($"{usage}\r\n");
        }
    }
}
