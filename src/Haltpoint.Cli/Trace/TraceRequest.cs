using System;
using System.Collections.Generic;
using System.IO;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Tracing;

namespace Haltpoint.Cli.Trace;

/// <summary>What the command line asks of a trace.</summary>
internal sealed record TraceRequest
{
    /// <summary>The process to trace; null for a program to start.</summary>
    public int? Process { get; init; }

    /// <summary>Program and arguments, as the kernel has the words; empty when none is to be started.</summary>
    public IReadOnlyList<byte[]> Command { get; init; } = [];

    public bool IsStarted => Command.Count > 0;

    public required TracedMemory Memory { get; init; }

    public required AccessTraceOptions Options { get; init; }

    public TimeSpan? Duration { get; init; }

    public long? Hits { get; init; }

    public TraceOutput Output { get; init; }

    public string? Save { get; init; }

    /// <summary>Where the page with the pictures goes.</summary>
    public string? Report { get; init; }

    /// <summary>Whether a person looks: standard error is a terminal, and standard output is not busy with something else.</summary>
    public bool ShowsLiveView => !Console.IsErrorRedirected && (Output == TraceOutput.Table ? !Console.IsOutputRedirected : Save is not null);

    public string AccessName => Options.Access switch
    {
        AccessKind.Read => "reads",
        AccessKind.Write => "writes",
        _ => "reads and writes",
    };

    /// <summary>Opens what accesses are written to. A file that is there keeps what is in it until something is written.</summary>
    /// <exception cref="AccessTraceException">It cannot be written.</exception>
    public Stream OpenOutput() => Save is null ? Console.OpenStandardOutput() : Open("--save", Save);

    /// <summary>The same for the page with the pictures; null when none is wanted.</summary>
    /// <exception cref="AccessTraceException">It cannot be written.</exception>
    public Stream? OpenReport() => Report is null ? null : Open("--report", Report);

    /// <summary>Arms the trace.</summary>
    /// <exception cref="AccessTraceException">It cannot be had.</exception>
    public AccessTrace Arm() => IsStarted ? AccessTrace.OnProgram(Command, Memory, Options) : AccessTrace.OnProcess(Process!.Value, Memory, Options);

    private static FileStream Open(string option, string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AccessTraceException($"{option} {file} cannot be written: {e.Message}");
        }
    }
}
