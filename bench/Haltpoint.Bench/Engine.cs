using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Haltpoint.Breakpoints;
using Haltpoint.Linux;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Bench;

/// <summary>The target under the engine, driven on the calling thread as the server drives it.</summary>
internal sealed class Engine : IDisposable
{
    private readonly PtraceSession _session = new();
    private readonly IReadOnlyDictionary<string, ulong> _symbols;
    private LinuxTarget _target;

    public Engine(string program, string what, IReadOnlyDictionary<string, ulong> symbols)
    {
        _target = new LinuxTarget(_session);
        _symbols = symbols;
        LinuxTarget.SetStartupWithShell(ref _target, false);
        Require(LinuxTarget.Run(ref _target, Encoding.UTF8.GetBytes($"{program}\0{what}\01\0")));
        AwaitStop();
        RunTo("run");
    }

    public static ResumeAction Continue => new() { Threads = ThreadId.Everything, Kind = ResumeKind.Continue };

    public ThreadId Thread { get; private set; }

    public void Resume(ResumeAction action)
    {
        Require(LinuxTarget.Resume(ref _target, new ReadOnlySpan<ResumeAction>(in action)));
        AwaitStop();
    }

    public void RunTo(string symbol)
    {
        Insert(BreakpointKind.Software, symbol, 1, default);
        Resume(Continue);
        Span<byte> counter = stackalloc byte[sizeof(ulong)];
        LinuxTarget.ReadRegister(ref _target, Thread, 16, counter);
        if (BinaryPrimitives.ReadUInt64LittleEndian(counter) != _symbols[symbol])
        {
            throw new BenchException($"the engine stopped elsewhere on its way to {symbol}");
        }

        Require(LinuxTarget.Remove(ref _target, Thread, BreakpointKind.Software, _symbols[symbol], 1));
    }

    public void Insert(BreakpointKind kind, string symbol, int length, ReadOnlySpan<byte> conditions) =>
        Require(LinuxTarget.Insert(ref _target, Thread, kind, _symbols[symbol], length, conditions, default, persist: false));

    public void Dispose()
    {
        LinuxTarget.Kill(ref _target, Thread.Process);
        _session.Dispose();
    }

    private static void Require(TargetStatus status)
    {
        if (status != TargetStatus.Ok)
        {
            throw new BenchException($"the engine answered {status}");
        }
    }

    private void AwaitStop()
    {
        StopEvent stop;
        while (!LinuxTarget.TryTakeStop(ref _target, out stop))
        {
            _session.Wait(-1, block: true);
        }

        Thread = stop.Kind == StopKind.Signal ? stop.Thread : throw new BenchException($"the target reported {stop.Kind}");
    }
}
