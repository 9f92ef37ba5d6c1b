using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Cli.Watch;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Serving;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Commands;

/// <summary><c>haltpoint watch</c>: who writes this memory, without stopping anyone.</summary>
internal static class WatchCommand
{
    private const int Failed = 1;

    private static readonly Argument<string[]> s_what = new("WHAT")
    {
        Description = "An address, symbol, symbol+8, symbol.member[3], file.c:variable or library.so:symbol; then perhaps '--' and a program to start with its arguments.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int?> s_pid = new("--pid") { Description = "The process to watch.", HelpName = "PID" };
    private static readonly Option<string> s_kernel = new("--kernel") { Description = "Watch the kernel's own data at a symbol or address, in place of WHAT.", HelpName = "SYMBOL|ADDRESS" };
    private static readonly Option<string> s_cpus = new("--cpus") { Description = "With --kernel: only on these CPUs, such as 0-3,7; on all of them or none.", HelpName = "LIST" };
    private static readonly Option<string> s_access = new("--access") { Description = "w: writes (the default), rw: reads too, x: executions.", HelpName = "w|rw|x" };
    private static readonly Option<int> s_length = new("--length") { Description = "Bytes to watch; what the variable has if it is not given.", HelpName = "N" };
    private static readonly Option<string> s_threads = new("--threads") { Description = "Only these threads, and none they start.", HelpName = "TID,..." };
    private static readonly Option<string> s_when = new("--when") { Description = "Only hits of which this is true: compares value, old, thread, function, hits, as in 'value == 42 && old != 0'.", HelpName = "EXPR" };
    private static readonly Option<bool> s_changed = new("--changed") { Description = "Only hits that left another value than there was." };
    private static readonly Option<bool> s_stacks = new("--stacks") { Description = "Who called, for every hit." };
    private static readonly Option<bool> s_kernelWrites = new("--kernel-writes") { Description = "Writes by the kernel on the program's behalf, too, such as read(2) into the variable." };
    private static readonly Option<string> s_for = new("--for") { Description = "End after this time: 10s, 500ms, 2m.", HelpName = "TIME" };
    private static readonly Option<long?> s_hits = new("--hits") { Description = "End after so many hits.", HelpName = "N" };
    private static readonly Option<WatchOutput> s_output = new("--output") { Description = "How to show hits; table if it is not given.", HelpName = "table|json|csv|folded|speedscope|perfetto" };
    private static readonly Option<string> s_save = new("--save") { Description = "Write there and not to standard output; a terminal shows the live view meanwhile.", HelpName = "FILE" };

    public static Command Create()
    {
        Command command = new("watch", "Show who writes some memory of a process, a program or the kernel, without stopping anyone.")
        {
            s_what, s_pid, s_kernel, s_cpus, s_access, s_length, s_threads, s_when, s_changed, s_stacks, s_kernelWrites, s_for, s_hits, s_output, s_save,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult result)
    {
        try
        {
            WatchRequest request = Read(result);
            // Before anything is armed or started: a place that cannot be written must not cost a program its watch.
            using Stream output = request.OpenOutput();
            using MemoryWatch watch = request.Arm();
            return new WatchRun(watch, request, output, Console.Error).Run();
        }
        catch (Exception e) when (e is WatchException or OptionException or IOException or UnauthorizedAccessException)
        {
            new ServerConsole().Print($"haltpoint: {e.Message}");
            return Failed;
        }
    }

    private static WatchRequest Read(ParseResult result)
    {
        List<string> words = [.. result.GetValue(s_what) ?? []];
        int commandWords = OptionText.WordsBehindDashes(result);
        words.RemoveRange(words.Count - commandWords, commandWords);
        string? kernel = result.GetValue(s_kernel);
        int? process = result.GetValue(s_pid);
        if (words.Count > 1)
        {
            throw new WatchException($"'{words[1]}' is one word too many: watch one WHAT, and put '--' in front of a program");
        }

        if ((kernel is null) == (words.Count == 0))
        {
            throw new WatchException(kernel is null
                ? "say what to watch: 'haltpoint watch --pid PID counter' or 'haltpoint watch counter -- PROGRAM'"
                : $"--kernel {kernel} and {words[0]} are two things to watch: leave one out");
        }

        int targets = (kernel is null ? 0 : 1) + (process is null ? 0 : 1) + (commandWords > 0 ? 1 : 0);
        if (targets != 1)
        {
            throw new WatchException(targets == 0
                ? $"say where {words[0]} is: --pid PID, or '-- PROGRAM ARGUMENTS' to start one"
                : "give one of --pid, --kernel and a program after '--'");
        }

        string? cpus = result.GetValue(s_cpus);
        if (cpus is not null && kernel is null)
        {
            throw new WatchException("--cpus goes with --kernel; a program's memory is watched on every CPU");
        }

        WatchOutput output = result.GetValue(s_output);
        return new WatchRequest
        {
            What = kernel ?? words[0],
            IsKernel = kernel is not null,
            Process = process,
            Command = commandWords == 0 ? [] : Words.OwnLast(commandWords),
            When = result.GetValue(s_when) is { } when ? ParseCondition(when) : null,
            Changed = result.GetValue(s_changed),
            Duration = result.GetValue(s_for) is { } time ? OptionText.ParseTime(time, "--for") : null,
            Hits = OptionText.AtLeastOne(result.GetValue(s_hits), "--hits"),
            Output = output,
            Save = result.GetValue(s_save),
            Options = new WatchOptions
            {
                Access = ParseAccess(result.GetValue(s_access) ?? "w"),
                Length = result.GetResult(s_length) is null ? 0 : (int)OptionText.AtLeastOne(result.GetValue(s_length), "--length")!,
                Threads = result.GetValue(s_threads) is { } threads ? ParseThreads(threads) : null,
                Cpus = cpus is null ? null : ParseCpus(cpus),
                // A flame graph of places without their callers would be flat.
                Stacks = result.GetValue(s_stacks) || output is WatchOutput.Folded or WatchOutput.Speedscope,
                KernelWrites = result.GetValue(s_kernelWrites),
            },
        };
    }

    private static HitCondition ParseCondition(string text) =>
        HitCondition.TryParse(text, out HitCondition? condition, out string error) ? condition : throw new WatchException($"--when, {error}");

    private static AccessKind ParseAccess(string text) => text switch
    {
        "w" => AccessKind.Write,
        "r" => AccessKind.Read,
        "rw" => AccessKind.ReadWrite,
        "x" => AccessKind.Execute,
        _ => throw new WatchException($"--access {text} is none of w, rw and x"),
    };

    private static List<int> ParseThreads(string text)
    {
        List<int> threads = [];
        foreach (string part in text.Split(','))
        {
            threads.Add(int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int thread) && thread > 0
                ? thread
                : throw new WatchException($"--threads {text}: '{part}' is no thread id"));
        }

        return threads;
    }

    private static int[] ParseCpus(string text) =>
        OnlineCpus.TryParse(text, out int[] cpus) ? cpus : throw new WatchException($"--cpus {text} is no list of CPUs such as 0-3,7");
}
