using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

/// <summary>A session as a server drives it. A stop that does not come within a minute fails the test.</summary>
internal abstract unsafe class SessionDriver : IDisposable
{
    private readonly Timer _patience;
    private LinuxTarget _target;

    protected SessionDriver()
    {
        Session = new PtraceSession();
        _target = new LinuxTarget(Session);
        _patience = new Timer(_ => Session.RequestShutdown(), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
    }

    public int Id { get; protected init; }

    public PtraceSession Session { get; }

    public ref LinuxTarget Target => ref _target;

    public ThreadId First => new(Id, Id);

    public List<ThreadId> Threads
    {
        get
        {
            List<ThreadId> threads = [];
            ThreadId cursor = ThreadId.None;
            while (LinuxTarget.TryNextThread(ref _target, ref cursor))
            {
                threads.Add(cursor);
            }

            return threads;
        }
    }

    public void Resume(params ResumeAction[] actions) => Assert.Equal(TargetStatus.Ok, LinuxTarget.Resume(ref _target, actions));

    public void ResumeAll(int signal = 0) => Resume(new ResumeAction { Threads = ThreadId.Everything, Signal = signal });

    public StopEvent WaitForStop()
    {
        StopEvent stop;
        while (!LinuxTarget.TryTakeStop(ref _target, out stop))
        {
            Assert.Equal(WaitResult.Stop, Session.Wait(-1, true));
        }

        return stop;
    }

    public StopEvent ContinueToStop(int signal = 0)
    {
        ResumeAll(signal);
        return WaitForStop();
    }

    public StopEvent Step(ThreadId thread, int signal = 0)
    {
        Resume(new ResumeAction { Threads = thread, Kind = ResumeKind.Step, Signal = signal });
        return WaitForStop();
    }

    /// <summary>Ctrl-C.</summary>
    public StopEvent Interrupt()
    {
        LinuxTarget.Interrupt(ref _target);
        StopEvent stop = WaitForStop();
        Assert.Equal((StopKind.Signal, SignalNumber.Interrupt), (stop.Kind, stop.Signal));
        return stop;
    }

    public void ContinueToExit(int code = 0)
    {
        StopEvent stop = ContinueToStop();
        Assert.Equal((StopKind.ProcessExited, code), (stop.Kind, stop.Code));
    }

    /// <summary>Waits for the end of a program that runs.</summary>
    public void WaitForExit(int code = 0)
    {
        StopEvent stop = WaitForStop();
        Assert.Equal((StopKind.ProcessExited, code), (stop.Kind, stop.Code));
    }

    public void Insert(BreakpointKind kind, ulong address, int length = 1, byte[]? conditions = null) =>
        Assert.Equal(TargetStatus.Ok, LinuxTarget.Insert(ref _target, First, kind, address, length, conditions, default, false));

    public void Remove(BreakpointKind kind, ulong address, int length = 1) =>
        Assert.Equal(TargetStatus.Ok, LinuxTarget.Remove(ref _target, First, kind, address, length));

    public ulong ProgramCounter(ThreadId thread) => Session.Find(thread)!.Registers.ProgramCounter;

    public ulong ReadRegister(ThreadId thread, int number)
    {
        ulong value = 0;
        Assert.Equal(8, LinuxTarget.ReadRegister(ref _target, thread, number, new Span<byte>(&value, 8)));
        return value;
    }

    public ulong ReadWord(ulong address)
    {
        ulong word = 0;
        Assert.Equal(8, LinuxTarget.ReadMemory(ref _target, First, address, new Span<byte>(&word, 8)));
        return word;
    }

    public virtual void Dispose()
    {
        foreach (int process in Session.Processes.Select(p => p.Id).ToList())
        {
            LinuxTarget.Kill(ref _target, process);
        }

        Session.Dispose();
        _patience.Dispose();
    }
}
