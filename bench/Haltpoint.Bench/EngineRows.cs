using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using Haltpoint.Breakpoints;
using Haltpoint.Targets;

namespace Haltpoint.Bench;

/// <summary>What a row costs inside the engine, without protocol and client, measured in a process of its own.</summary>
/// <remarks>Of its own because <see cref="System.Diagnostics.Process"/> makes the runtime handle every SIGCHLD, and a tracee's stop is one.</remarks>
internal sealed class EngineRows(string program, IReadOnlyDictionary<string, ulong> symbols)
{
    /// <summary>Instructions of range_start, and calls in a round of "calls" (bench/program.h).</summary>
    public const int RangeLength = 2001;
    public const int Calls = 1000;

    // As in RoundTripRows, with its length before it.
    private static readonly byte[] s_neverTrue = [9, 0, 0, 0, 0x26, 0, 5, 0x22, 0xff, 0x16, 8, 0x13, 0x27];

    /// <summary>The process's whole work: a figure on standard output for each byte of standard input.</summary>
    /// <param name="arguments">A row, the target's path, and NAME=ADDRESS for each symbol.</param>
    public static void Serve(ReadOnlySpan<string> arguments)
    {
        Dictionary<string, ulong> symbols = [];
        foreach (string symbol in arguments[2..])
        {
            string[] parts = symbol.Split('=');
            symbols[parts[0]] = ulong.Parse(parts[1], CultureInfo.InvariantCulture);
        }

        using Measurement measurement = new EngineRows(arguments[1], symbols).Open(arguments[0]);
        using Stream input = Console.OpenStandardInput();
        using Stream output = Console.OpenStandardOutput();
        while (input.ReadByte() >= 0)
        {
            output.Write(Encoding.ASCII.GetBytes(measurement.Take().ToString("R", CultureInfo.InvariantCulture) + "\n"));
        }
    }

    private Measurement Open(string row) => row switch
    {
        "step" => Step(),
        "range" => RangeStep(),
        "hit" => Hit(),
        "condition" => FalseCondition(),
        _ => throw new BenchException($"the engine has no row '{row}'"),
    };

    private Engine Start(string what) => new(program, what, symbols);

    private Measurement Step()
    {
        Engine engine = Start("spin");
        ResumeAction step = new() { Threads = engine.Thread, Kind = ResumeKind.Step };
        return new Measurement(() => Clock.Each(1000, () => engine.Resume(step)), engine);
    }

    private Measurement RangeStep()
    {
        Engine engine = Start("range");
        return new Measurement(
            () =>
            {
                engine.RunTo("range_start");
                ResumeAction step = new()
                {
                    Threads = engine.Thread,
                    Kind = ResumeKind.StepRange,
                    Start = symbols["range_start"],
                    End = symbols["range_end"],
                };
                return Clock.Each(1, () => engine.Resume(step)) / RangeLength;
            },
            engine);
    }

    private Measurement Hit()
    {
        Engine engine = Start("spin");
        engine.Insert(BreakpointKind.WriteWatch, "watched", 8, default);
        return new Measurement(() => Clock.Each(1000, () => engine.Resume(Engine.Continue)), engine);
    }

    private Measurement FalseCondition()
    {
        Engine engine = Start("calls");
        engine.Insert(BreakpointKind.Software, "called", 1, s_neverTrue);
        engine.RunTo("finish");
        ResumeAction step = new() { Threads = engine.Thread, Kind = ResumeKind.Step };
        return new Measurement(
            () =>
            {
                engine.Resume(step);
                return Clock.Each(1, () => engine.RunTo("finish")) / Calls;
            },
            engine);
    }
}
