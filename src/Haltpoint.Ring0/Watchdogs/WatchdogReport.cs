using System;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Text;
using Haltpoint.Ring0.Time;
using Haltpoint.Timekeeping;

namespace Haltpoint.Ring0.Watchdogs;

/// <summary>What the clocks and their watchdogs know, for the shell and for gdb's <c>monitor watchdogs</c>. Takes no lock.</summary>
internal static unsafe class WatchdogReport
{
    public static void Write(ref TextBuffer into)
    {
        WriteClocks(ref into);
        into.Add($"thresholds: soft {Thresholds.Soft / Thresholds.Second} s, hard {Thresholds.Hard / Thresholds.Second} s, hung {Thresholds.Hung / Thresholds.Second} s, stall {Thresholds.Stall / Thresholds.Second} s\n");
        into.Add($"grace periods: {GracePeriods.Ended} ended\n");
        foreach (DetectorKinds kind in (ReadOnlySpan<DetectorKinds>)[DetectorKinds.Clocks, DetectorKinds.Soft, DetectorKinds.Hard, DetectorKinds.Hung, DetectorKinds.Stall])
        {
            if (!Touches.IsOn(kind))
            {
                into.Add($"{Name(kind)}: a stop is not told to them (touches off)\n");
            }
        }

        long now = (long)Clock.Nanoseconds;
        for (int i = 0; i < CpuTable.Count; i++)
        {
            Cpu* cpu = CpuTable.At(i);
            into.Add($"CPU {i,2} {cpu->Ticks} ticks, the last {(now - cpu->TickTime) / 1_000_000} ms ago{(LockupWatch.IsLocked(i) ? ", locked up"u8 : default)}{(cpu->PreemptionOff != 0 ? ", preemption off"u8 : default)}\n");
        }
    }

    public static void WriteClocks(ref TextBuffer into)
    {
        ulong now = Clock.Microseconds;
        into.Add($"time {now / 1_000_000} s {now % 1_000_000} us, told by {MachineCounters.Name(Clock.Source)}\n");
        for (int i = 0; i < MachineCounters.Count; i++)
        {
            ref Clocksource source = ref Clock.Sources[i];
            if (source.IsThere)
            {
                ReadOnlySpan<byte> state = source.IsUnstable ? "unstable"u8 : source.MustVerify ? "verified"u8 : "reference"u8;
                into.Add($"  {MachineCounters.Name(i),-8} {source.Frequency,11} Hz, rating {source.Rating}, {state}\n");
            }
        }

        into.Add($"tsc at {Instructions.Timestamp()} cycles\n");
        into.Add($"looks: {ClockWatch.Watchdog.Good} good, {ClockWatch.Watchdog.Rebased} afresh, {ClockWatch.Watchdog.Disturbed} disturbed\n");
    }

    public static ReadOnlySpan<byte> Name(DetectorKinds kind) => kind switch
    {
        DetectorKinds.Clocks => "clocks"u8,
        DetectorKinds.Soft => "soft"u8,
        DetectorKinds.Hard => "hard"u8,
        DetectorKinds.Hung => "hung"u8,
        DetectorKinds.Stall => "stall"u8,
        _ => "all"u8,
    };
}
