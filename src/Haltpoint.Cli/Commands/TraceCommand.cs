using System;
using System.CommandLine;
using System.IO;
using Haltpoint.Breakpoints;
using Haltpoint.Cli.Trace;
using Haltpoint.Linux.Serving;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Tracing;

namespace Haltpoint.Cli.Commands;

/// <summary><c>haltpoint trace</c>: every access to some memory of a process, in order.</summary>
internal static class TraceCommand
{
    private const int Failed = 1;

    private static readonly Argument<string[]> s_command = new("PROGRAM")
    {
        Description = "After '--': a program to start, and its arguments.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int?> s_pid = new("--pid") { Description = "The process to trace.", HelpName = "PID" };
    private static readonly Option<string> s_map = new("--map") { Description = "Trace the mappings of this name, also later ones: a path, a file name, [heap], [stack]; * and ? are wild.", HelpName = "PATTERN" };
    private static readonly Option<string> s_range = new("--range") { Description = "Trace these bytes, as in 0x7f0000001000+64.", HelpName = "START+LENGTH" };
    private static readonly Option<string> s_symbol = new("--symbol") { Description = "Trace a variable: symbol, symbol+8, file.c:variable or library.so:symbol.", HelpName = "NAME" };
    private static readonly Option<string> s_access = new("--access") { Description = "r: reads, w: writes, rw: both (the default).", HelpName = "r|w|rw" };
    private static readonly Option<bool> s_values = new("--values") { Description = "What was read and written, and what was there before." };
    private static readonly Option<bool> s_stacks = new("--stacks") { Description = "Who called, for every access." };
    private static readonly Option<string> s_for = new("--for") { Description = "End after this time: 10s, 500ms, 2m.", HelpName = "TIME" };
    private static readonly Option<long?> s_hits = new("--hits") { Description = "End after so many accesses.", HelpName = "N" };
    private static readonly Option<TraceOutput> s_output = new("--output") { Description = "How to show accesses; table if it is not given.", HelpName = "mmiotrace|json|csv|perfetto|table" };
    private static readonly Option<string> s_save = new("--save") { Description = "Write there and not to standard output; a terminal shows the live view meanwhile.", HelpName = "FILE" };
    private static readonly Option<string> s_report = new("--report") { Description = "Also write a page with pictures: offsets over time, top places, values of registers.", HelpName = "FILE.html" };

    public static Command Create()
    {
        Command command = new("trace", "Show every access to some memory of a process or a program, in order.")
        {
            s_command, s_pid, s_map, s_range, s_symbol, s_access, s_values, s_stacks, s_for, s_hits, s_output, s_save, s_report,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult result)
    {
        try
        {
            TraceRequest request = Read(result);
            // Before anything is armed or started: a place that cannot be written must not cost a program its trace.
            using Stream output = request.OpenOutput();
            using Stream? report = request.OpenReport();
            using AccessTrace trace = request.Arm();
            return new TraceRun(trace, request, output, report, Console.Error).Run();
        }
        catch (Exception e) when (e is AccessTraceException or OptionException or IOException or UnauthorizedAccessException)
        {
            new ServerConsole().Print($"haltpoint: {e.Message}");
            return Failed;
        }
    }

    private static TraceRequest Read(ParseResult result)
    {
        string[] words = result.GetValue(s_command) ?? [];
        int commandWords = OptionText.WordsBehindDashes(result);
        if (words.Length > commandWords)
        {
            throw new OptionException($"'{words[0]}' is one word too many: name the memory by --map, --range or --symbol, and put '--' in front of a program");
        }

        TracedMemory memory = ReadMemory(result);
        int? process = result.GetValue(s_pid);
        if (process is null == (commandWords == 0))
        {
            throw new OptionException(process is null
                ? $"say where {memory.Text} is: --pid PID, or '-- PROGRAM ARGUMENTS' to start one"
                : "give one of --pid and a program after '--'");
        }

        TraceOutput output = result.GetValue(s_output);
        string? report = result.GetValue(s_report);
        return new TraceRequest
        {
            Memory = memory,
            Process = process,
            Command = commandWords == 0 ? [] : Words.OwnLast(commandWords),
            Duration = result.GetValue(s_for) is { } time ? OptionText.ParseTime(time, "--for") : null,
            Hits = OptionText.AtLeastOne(result.GetValue(s_hits), "--hits"),
            Output = output,
            Save = result.GetValue(s_save),
            Report = report,
            Options = new AccessTraceOptions
            {
                Access = ParseAccess(result.GetValue(s_access) ?? "rw"),
                // The format of mmiotrace has no place for an access without a value, and the page draws them.
                Values = result.GetValue(s_values) || output == TraceOutput.Mmiotrace || report is not null,
                Stacks = result.GetValue(s_stacks),
            },
        };
    }

    private static TracedMemory ReadMemory(ParseResult result)
    {
        (string? map, string? range, string? symbol) = (result.GetValue(s_map), result.GetValue(s_range), result.GetValue(s_symbol));
        int given = (map is null ? 0 : 1) + (range is null ? 0 : 1) + (symbol is null ? 0 : 1);
        if (given != 1)
        {
            throw new OptionException(given == 0
                ? "say what to trace: --map /dev/uio0, --map '[heap]', --range 0x7f0000001000+64 or --symbol NAME"
                : "give one of --map, --range and --symbol");
        }

        return map is not null ? ParsePattern(map) : range is not null ? ParseRange(range) : ParseSymbol(symbol!);
    }

    private static TracedMemory ParsePattern(string text) =>
        text.Length > 0 ? TracedMemory.Mappings(text) : throw new OptionException("--map, character 1: a path, a file name, [heap] or the like is expected");

    private static TracedMemory ParseRange(string text)
    {
        int plus = text.IndexOf('+', StringComparison.Ordinal);
        int bad = plus < 0 ? text.Length
            : !LocationText.TryParseNumber(text.AsSpan(0, plus), out ulong start) ? 0
            : !LocationText.TryParseNumber(text.AsSpan(plus + 1), out ulong length) || length == 0 || start + length < start ? plus + 1
            : -1;
        if (bad >= 0)
        {
            throw new OptionException($"--range, character {bad + 1}: START+LENGTH is expected, as in 0x7f0000001000+64");
        }

        _ = LocationText.TryParseNumber(text.AsSpan(0, plus), out ulong first);
        _ = LocationText.TryParseNumber(text.AsSpan(plus + 1), out ulong count);
        return TracedMemory.Range(first, count);
    }

    private static TracedMemory ParseSymbol(string text)
    {
        if (!LocationText.TryParse(text, out LocationText location))
        {
            int space = text.IndexOf(' ', StringComparison.Ordinal);
            int bad = text.StartsWith(':') ? 0 : space >= 0 ? space : text.Length;
            throw new OptionException($"--symbol, character {bad + 1}: symbol, symbol+8, file.c:variable or library.so:symbol is expected");
        }

        return location.Address is null
            ? TracedMemory.Variable(text)
            : throw new OptionException($"--symbol, character 1: symbol, symbol+8, file.c:variable or library.so:symbol is expected; --range {text}+LENGTH is for addresses");
    }

    private static AccessKind ParseAccess(string text) => text switch
    {
        "r" => AccessKind.Read,
        "w" => AccessKind.Write,
        "rw" => AccessKind.ReadWrite,
        _ => throw new OptionException($"--access {text} is none of r, w and rw"),
    };
}
