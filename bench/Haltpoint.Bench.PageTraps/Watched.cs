using System;
using System.Diagnostics;
using System.Globalization;
using Haltpoint.Breakpoints;
using Haltpoint.Linux;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Bench.PageTraps;

/// <summary>One range of a process trapped by the engine, in a process of its own: where Process starts programs, its reaper takes their stops.</summary>
internal sealed class Watched : IDisposable
{
    private readonly Process _engine;

    public Watched(int process, ulong address, ulong length)
    {
        _engine = BenchProgram.Start(
            Environment.ProcessPath!, "engine", process.ToString(CultureInfo.InvariantCulture), address.ToString(CultureInfo.InvariantCulture),
            length.ToString(CultureInfo.InvariantCulture));
        string? line = _engine.StandardOutput.ReadLine();
        if (line != "ready")
        {
            throw new InvalidOperationException(line);
        }
    }

    /// <summary>Lets the process go.</summary>
    /// <returns>Accesses seen.</returns>
    public long End()
    {
        _engine.StandardInput.WriteLine();
        long accesses = long.Parse(_engine.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        _engine.WaitForExit();
        return accesses;
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>The other process: traps, says so, and lets go at a line.</summary>
    public static int RunEngine(int process, ulong address, ulong length)
    {
        using PtraceSession session = new();
        LinuxTarget target = new(session);
        Counter counter = new();
        if (LinuxTarget.Attach(ref target, process) != TargetStatus.Ok)
        {
            return Fail(session.LastError);
        }

        StopEvent stop;
        while (!LinuxTarget.TryTakeStop(ref target, out stop))
        {
            session.Wait(-1, block: true);
        }

        if (session.AddProbe(process, address, length, AccessKind.ReadWrite, counter, allowSkips: false, out _) != TargetStatus.Ok)
        {
            return Fail(session.LastError);
        }

        ResumeAction all = new() { Threads = ThreadId.Everything };
        LinuxTarget.Resume(ref target, new ReadOnlySpan<ResumeAction>(in all));
        Console.WriteLine("ready");
        session.Wait(0, block: true);
        LinuxTarget.Detach(ref target, process);
        Console.WriteLine(counter.Accesses);
        return 0;
    }

    private static int Fail(string problem)
    {
        Console.WriteLine(problem);
        return 1;
    }

    private sealed class Counter : IAccessSink
    {
        public long Accesses { get; private set; }

        public AccessVerdict OnAccess(PageProbe probe, in TrappedAccess access)
        {
            Accesses++;
            return AccessVerdict.RunOn;
        }

        public void OnWithdrawn(PageProbe probe, string reason) => throw new InvalidOperationException(reason);
    }
}
