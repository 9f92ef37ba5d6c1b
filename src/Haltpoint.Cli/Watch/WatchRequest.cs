using System;
using System.Collections.Generic;
using System.IO;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary>What the command line asks of a watch.</summary>
internal sealed record WatchRequest
{
    /// <summary>The process to watch; null for a program to start, or for the kernel.</summary>
    public int? Process { get; init; }

    /// <summary>Program and arguments, as the kernel has the words; empty when none is to be started.</summary>
    public IReadOnlyList<byte[]> Command { get; init; } = [];

    public bool IsStarted => Command.Count > 0;

    /// <summary>The kernel's own data.</summary>
    public bool IsKernel { get; init; }

    public required string What { get; init; }

    public required WatchOptions Options { get; init; }

    public HitCondition? When { get; init; }

    /// <summary>Only hits that left another value than there was.</summary>
    public bool Changed { get; init; }

    public TimeSpan? Duration { get; init; }

    public long? Hits { get; init; }

    public WatchOutput Output { get; init; }

    public string? Save { get; init; }

    /// <summary>Whether a person looks: standard error is a terminal, and standard output is not busy with something else.</summary>
    public bool ShowsLiveView => !Console.IsErrorRedirected && (Output == WatchOutput.Table ? !Console.IsOutputRedirected : Save is not null);

    public string AccessName => Options.Access switch
    {
        AccessKind.Write => "writes",
        AccessKind.Execute => "executions",
        _ => "reads and writes",
    };

    /// <summary>A hit of which one value is not known may have changed something, so it counts as a change.</summary>
    public bool Wants(in WatchHit hit, long hits) =>
        (!Changed || hit.Value is null || hit.OldValue is null || hit.Value != hit.OldValue) && (When is null || When.IsTrue(new HitFacts(hit, hits)));

    /// <summary>Opens what hits are written to. A file that is there keeps what is in it until something is written.</summary>
    /// <exception cref="WatchException">It cannot be written.</exception>
    public Stream OpenOutput()
    {
        try
        {
            return Save is null ? Console.OpenStandardOutput() : new FileStream(Save, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WatchException($"--save {Save} cannot be written: {e.Message}");
        }
    }

    /// <summary>Arms the watch.</summary>
    /// <exception cref="WatchException">It cannot be had.</exception>
    public MemoryWatch Arm() =>
        IsKernel ? MemoryWatch.OnKernel(What, Options)
        : IsStarted ? MemoryWatch.OnProgram(Command, What, Options)
        : MemoryWatch.OnProcess(Process!.Value, What, Options);
}
