using System;
using System.Collections.Generic;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// What the debugger wants to hear of, and how programs are started.
public sealed partial class PtraceSession
{
    private bool _reportsThreads;
    private bool _reportsForks;
    private bool _reportsVforks;
    private bool _reportsExecs;
    private bool _reportsNoResumed;
    private SignalSet _passedSignals;
    private SignalSet? _programSignals;

    public LaunchSettings Launch { get; } = new();

    internal void SetForkEvents(bool forks, bool vforks)
    {
        _reportsForks = forks;
        _reportsVforks = vforks;
    }

    internal void SetExecEvents(bool on) => _reportsExecs = on;

    internal void SetThreadEvents(bool on) => _reportsThreads = on;

    internal void SetNoResumedEvents(bool on) => _reportsNoResumed = on;

    internal void SetPassedSignals(ReadOnlySpan<ulong> signals) => _passedSignals = new SignalSet(signals);

    internal void SetProgramSignals(ReadOnlySpan<ulong> signals) => _programSignals = new SignalSet(signals);

    /// <summary>Starts the program of the arguments, each ended by a zero byte, or with none the last one again.</summary>
    internal TargetStatus RunAgain(ReadOnlySpan<byte> arguments, out int process)
    {
        process = 0;
        if (!arguments.IsEmpty)
        {
            List<byte[]> parts = [];
            foreach (Range part in arguments[..^1].Split((byte)0))
            {
                parts.Add(arguments[part].ToArray());
            }

            Launch.Arguments = parts;
        }

        return Launch.Arguments.Count == 0
            ? Refuse(TargetStatus.BadArgument, "no program to run")
            : Run(Launch.ToRequest(), out process);
    }
}
