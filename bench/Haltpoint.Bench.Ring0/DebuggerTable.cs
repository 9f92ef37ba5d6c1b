using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;

namespace Haltpoint.Bench.Ring0;

/// <summary>How fast the kernel's stub is beside Linux's kgdb and the emulator's stub: in turns, each in a machine started for it.</summary>
internal static class DebuggerTable
{
    public const string Row = "debugger";

    private const int BreakIns = 10;
    private const int StepsPerHit = 16; // fewer than there are from the breakpoint to the end of the system call in Linux

    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(2);

    public static void Print(IReadOnlyList<int> cpuCounts)
    {
        bool hasLinux = LinuxDebuggee.FindKernel() is not null;
        if (!hasLinux)
        {
            Console.WriteLine("without Linux's kgdb: eng/linux-kgdb builds it");
        }

        foreach (int cpus in cpuCounts)
        {
            List<(string Name, Func<Debuggee> Start)> peers =
            [
                ("haltpoint", () => new Ring0Debuggee(cpus, isEmulatorsStub: false)),
                ("qemu", () => new Ring0Debuggee(cpus, isEmulatorsStub: true)),
            ];
            if (hasLinux)
            {
                peers.Insert(1, ("kgdb", () => new LinuxDebuggee(cpus)));
            }

            Figures[] figures = [.. peers.Select(_ => new Figures())];
            int rounds = cpus >= 16 ? 1 : 3;
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < peers.Count; i++)
                {
                    Measure(peers[i].Name, peers[i].Start, figures[i]);
                }
            }

            Console.WriteLine($"CPUs: {cpus}, rounds: {rounds}; in brackets how many times as fast haltpoint is");
            Console.WriteLine($"  {"",-24}{string.Concat(peers.Select(peer => $"{peer.Name,22}"))}");
            PrintLine("Ctrl-C to stop, ms", [.. figures.Select(figure => figure.BreakIns)], isTime: true);
            PrintLine("stop and continue, 1/s", [.. figures.Select(figure => figure.Hits)], isTime: false);
            PrintLine("steps, 1/s", [.. figures.Select(figure => figure.Steps)], isTime: false);
            PrintLine("steps, pc known, 1/s", [.. figures.Select(figure => figure.KnownSteps)], isTime: false);
        }
    }

    private static void Measure(string name, Func<Debuggee> start, Figures figures)
    {
        try
        {
            using Debuggee debuggee = start();
            MeasureBreakIns(debuggee, figures.BreakIns);
            debuggee.Client.Ask($"Z0,{debuggee.Address},1", "OK");
            MeasureSteps(debuggee, figures.Steps, isForProgramCounter: false);
            MeasureSteps(debuggee, figures.KnownSteps, isForProgramCounter: true);
            MeasureHits(debuggee, figures.Hits);
        }
        catch (Exception reason) when (reason is SocketException or IOException or InvalidDataException)
        {
            Console.WriteLine($"  {name} gave up a turn: {reason.Message}");
        }
    }

    private static void MeasureBreakIns(Debuggee debuggee, List<double> figures)
    {
        for (int i = 0; i < BreakIns; i++)
        {
            debuggee.Client.Send("c");
            Thread.Sleep(20);
            long start = Stopwatch.GetTimestamp();
            debuggee.Interrupt();
            debuggee.Client.Expect("T");
            figures.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    /// <summary>Some steps after each hit, and only their time: a step that leaves the kernel would never end under kgdb.</summary>
    /// <param name="isForProgramCounter">Whether the registers are asked for, as gdb does, where the stop reply has no program counter (register 16).</param>
    private static void MeasureSteps(Debuggee debuggee, List<double> figures, bool isForProgramCounter)
    {
        TimeSpan spent = TimeSpan.Zero;
        int steps = 0;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < s_turn;)
        {
            string step = debuggee.StepAfter(debuggee.Client.Ask("c", "T"));
            debuggee.SetBackAfterHit();
            debuggee.Client.Ask($"z0,{debuggee.Address},1", "OK");
            long first = Stopwatch.GetTimestamp();
            for (int i = 0; i < StepsPerHit; i++)
            {
                string stop = debuggee.Client.Ask(step, "T");
                if (isForProgramCounter && !stop.Contains(";10:", StringComparison.Ordinal))
                {
                    debuggee.Client.Ask("g", "");
                }
            }

            spent += Stopwatch.GetElapsedTime(first);
            steps += StepsPerHit;
            debuggee.Client.Ask($"Z0,{debuggee.Address},1", "OK");
        }

        figures.Add(steps / spent.TotalSeconds);
    }

    /// <summary>From hit to hit as gdb does it: the breakpoint taken out, a step, the breakpoint put in, all continued.</summary>
    private static void MeasureHits(Debuggee debuggee, List<double> figures)
    {
        int hits = 0;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_turn)
        {
            string step = debuggee.StepAfter(debuggee.Client.Ask("c", "T"));
            debuggee.SetBackAfterHit();
            debuggee.Client.Ask($"z0,{debuggee.Address},1", "OK");
            debuggee.Client.Ask(step, "T");
            debuggee.Client.Ask($"Z0,{debuggee.Address},1", "OK");
            hits++;
        }

        figures.Add(hits / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static void PrintLine(string what, IReadOnlyList<List<double>> figures, bool isTime)
    {
        double own = Median(figures[0]);
        IEnumerable<string> cells = figures.Select(Median).Select((figure, i) =>
            double.IsNaN(figure) ? "none"
            : i == 0 ? string.Create(CultureInfo.InvariantCulture, $"{figure:F1}")
            : string.Create(CultureInfo.InvariantCulture, $"{figure:F1} ({(isTime ? figure / own : own / figure):F2})"));
        Console.WriteLine($"  {what,-24}{string.Concat(cells.Select(cell => $"{cell,22}"))}");
    }

    private static double Median(List<double> values) => values.Count == 0 ? double.NaN : values.Order().ElementAt(values.Count / 2);

    private sealed class Figures
    {
        public List<double> BreakIns { get; } = [];

        public List<double> Hits { get; } = [];

        public List<double> Steps { get; } = [];

        public List<double> KnownSteps { get; } = [];
    }
}
