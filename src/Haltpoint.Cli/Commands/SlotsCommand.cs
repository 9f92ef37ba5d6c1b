using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Text.Json;
using System.Threading;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Serving;

namespace Haltpoint.Cli.Commands;

/// <summary><c>haltpoint slots</c>: how many debug registers are free, as the kernel answers when it is asked for them.</summary>
internal static class SlotsCommand
{
    private const int Failed = 1;

    // What x86 has on each CPU; the kernel shares them among everybody.
    private const int Total = 4;

    private static readonly Option<bool> s_cpus = new("--cpus") { Description = "A line for each CPU, and not only for those that differ." };
    private static readonly Option<int?> s_pid = new("--pid") { Description = "Also what a watch on this process would find free.", HelpName = "PID" };
    private static readonly Option<bool> s_watch = new("--watch") { Description = "Again every second, until Ctrl-C." };
    private static readonly Option<bool> s_json = new("--json") { Description = "Print JSON, an object a line." };

    public static Command Create()
    {
        Command command = new("slots", "Show how many debug registers are free on each CPU and for a process.") { s_cpus, s_pid, s_watch, s_json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult result)
    {
        bool repeats = result.GetValue(s_watch);
        do
        {
            List<(int Cpu, int Free)> free = [];
            foreach (int cpu in OnlineCpus.Read())
            {
                PerfStatus status = SlotProbe.Count(-1, cpu, out int count);
                if (status == PerfStatus.Ok)
                {
                    free.Add((cpu, count));
                }
                else if (result.GetValue(s_pid) is null || status != PerfStatus.NotPermitted)
                {
                    // Without the right to ask for whole CPUs there is still a process of one's own to ask for.
                    return Refuse(status == PerfStatus.NotPermitted
                        ? "asking for whole CPUs needs root, CAP_PERFMON or kernel.perf_event_paranoid 0; for a process of your own add --pid PID"
                        : "this kernel or machine offers no hardware breakpoints to perf: 'haltpoint doctor' says what it has");
                }
            }

            int? forProcess = null;
            if (result.GetValue(s_pid) is { } process)
            {
                PerfStatus status = SlotProbe.Count(process, -1, out int count);
                if (status != PerfStatus.Ok)
                {
                    return Refuse(status == PerfStatus.NoThread ? $"no process {process}" : $"not permitted to ask for process {process}: run as its user or as root");
                }

                forProcess = count;
            }

            if (result.GetValue(s_json))
            {
                PrintJson(free, forProcess);
            }
            else
            {
                PrintTable(free, result.GetValue(s_cpus), result.GetValue(s_pid), forProcess, repeats && !Console.IsOutputRedirected);
            }
        }
        while (repeats && Pause());

        return 0;
    }

    private static bool Pause() => !new ManualResetEventSlim().Wait(TimeSpan.FromSeconds(1));

    private static int Refuse(string reason)
    {
        new ServerConsole().Print($"haltpoint: {reason}");
        return Failed;
    }

    private static void PrintTable(List<(int Cpu, int Free)> free, bool eachCpu, int? process, int? forProcess, bool clears)
    {
        TextWriter output = Console.Out;
        output.Write(clears ? "\e[H\e[2J" : "");
        if (free.Count > 0)
        {
            output.WriteLine("where      free  taken");
            bool areAlike = free.TrueForAll(c => c.Free == free[0].Free);
            if (areAlike && !eachCpu)
            {
                output.WriteLine(Row(free.Count == 1 ? "1 CPU" : $"all {free.Count} CPUs", free[0].Free));
            }
            else
            {
                free.ForEach(c => output.WriteLine(Row(string.Create(CultureInfo.InvariantCulture, $"CPU {c.Cpu}"), c.Free)));
            }
        }

        if (forProcess is { } count)
        {
            output.WriteLine($"for process {process}: {count} free, which watch up to {8 * count} bytes");
        }

        bool isTaken = free.Exists(c => c.Free < Total) || forProcess < Total;
        string holders = isTaken ? SlotHolders.Describe(process ?? -1) : "";
        if (holders.Length > 0)
        {
            output.WriteLine($"perhaps held by {holders}");
        }
    }

    private static string Row(string where, int free) =>
        string.Create(CultureInfo.InvariantCulture, $"{where,-9}  {free,4}  {int.Max(0, Total - free),5}");

    private static void PrintJson(List<(int Cpu, int Free)> free, int? forProcess)
    {
        using Stream output = Console.OpenStandardOutput();
        using Utf8JsonWriter json = new(output);
        json.WriteStartObject();
        json.WriteStartArray("cpus");
        foreach ((int cpu, int count) in free)
        {
            json.WriteStartObject();
            json.WriteNumber("cpu", cpu);
            json.WriteNumber("free", count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (forProcess is { } process)
        {
            json.WriteNumber("process", process);
        }

        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
