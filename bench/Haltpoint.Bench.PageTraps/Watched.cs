using System;
using System.Threading;
using Haltpoint.Breakpoints;
using Haltpoint.Linux;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Bench.PageTraps;

/// <summary>The engine with one range of a process trapped, on a thread of its own, as the server has it.</summary>
internal sealed class Watched : IAccessSink, IDisposable
{
    private readonly PtraceSession _session = new();
    private readonly ManualResetEventSlim _isArmed = new();
    private readonly Thread _thread;
    private string _problem = "";

    public Watched(int process, ulong address, ulong length)
    {
        _thread = new Thread(() => Run(process, address, length));
        _thread.Start();
        _isArmed.Wait();
        if (_problem.Length > 0)
        {
            throw new InvalidOperationException(_problem);
        }
    }

    public long Accesses { get; private set; }

    public AccessVerdict OnAccess(PageProbe probe, in TrappedAccess access)
    {
        Accesses++;
        return AccessVerdict.RunOn;
    }

    public void OnWithdrawn(PageProbe probe, string reason) => _problem = reason;

    /// <summary>Lets the process go.</summary>
    public void Dispose()
    {
        _session.RequestShutdown();
        _thread.Join();
        _isArmed.Dispose();
    }

    private void Run(int process, ulong address, ulong length)
    {
        LinuxTarget target = new(_session);
        if (LinuxTarget.Attach(ref target, process) != TargetStatus.Ok)
        {
            Fail(_session.LastError);
            return;
        }

        StopEvent stop;
        while (!LinuxTarget.TryTakeStop(ref target, out stop))
        {
            _session.Wait(-1, block: true);
        }

        if (_session.AddProbe(process, address, length, AccessKind.ReadWrite, this, allowSkips: false, out _) != TargetStatus.Ok)
        {
            Fail(_session.LastError);
            return;
        }

        ResumeAction all = new() { Threads = ThreadId.Everything };
        LinuxTarget.Resume(ref target, new ReadOnlySpan<ResumeAction>(in all));
        _isArmed.Set();
        _session.Wait(-1, block: true);
        LinuxTarget.Detach(ref target, process);
        _session.Dispose();
    }

    private void Fail(string problem)
    {
        _problem = problem;
        _session.Dispose();
        _isArmed.Set();
    }
}
