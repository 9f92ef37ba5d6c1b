using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

/// <summary>A session with one program under it, and the pipes of <see cref="PipedProgram"/> between test and program.</summary>
/// <remarks>What is left of the program dies with the session: a failing test leaves no process.</remarks>
internal sealed unsafe class TracedProgram : IDisposable
{
    private readonly int _in;
    private readonly int _out;
    private LinuxTarget _target;

    public TracedProgram(string program, params string[] arguments)
        : this(program, [], arguments)
    {
    }

    public TracedProgram(string program, string[] flags, string[] arguments)
    {
        int* pair = stackalloc int[2];
        _ = TestLibc.Pipe(pair);
        (int childIn, _in) = (pair[0], pair[1]);
        _ = TestLibc.Pipe(pair);
        (_out, int childOut) = (pair[0], pair[1]);
        Session = new PtraceSession();
        _target = new LinuxTarget(Session);
        Session.Launch.IsThroughShell = false;
        string[] all = [TraceeBuilder.Build(program, flags), Text(childIn), Text(childOut), .. arguments];
        Session.Launch.Arguments = [.. all.Select(Encoding.UTF8.GetBytes)];
        Assert.Equal(TargetStatus.Ok, Session.Run(Session.Launch.ToRequest(), out int id));
        Id = id;
        _ = TestLibc.Close(childIn);
        _ = TestLibc.Close(childOut);
        StopEvent first = WaitForStop();
        Assert.Equal(SignalNumber.Trap, first.Signal);
    }

    public int Id { get; }

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

    public void ResumeAll() => Resume(new ResumeAction { Threads = ThreadId.Everything });

    public StopEvent WaitForStop()
    {
        StopEvent stop;
        while (!LinuxTarget.TryTakeStop(ref _target, out stop))
        {
            Assert.Equal(WaitResult.Stop, Session.Wait(-1, true));
        }

        return stop;
    }

    public StopEvent ContinueToStop()
    {
        ResumeAll();
        return WaitForStop();
    }

    public StopEvent Step(ThreadId thread, int signal = 0)
    {
        Resume(new ResumeAction { Threads = thread, Kind = ResumeKind.Step, Signal = signal });
        return WaitForStop();
    }

    /// <summary>Lets the target run until its next line is there; a stop meanwhile is a failure.</summary>
    public string RunToLine()
    {
        ResumeAll();
        return NextLine();
    }

    /// <summary>The next line the target has written or, if it runs, will write.</summary>
    public string NextLine()
    {
        StringBuilder line = new();
        byte next;
        while (true)
        {
            WaitResult result = Session.Wait(_out, true);
            Assert.Equal(WaitResult.Connection, result);
            Assert.Equal(1, (int)TestLibc.Read(_out, &next, 1));
            if (next == '\n')
            {
                return line.ToString();
            }

            line.Append((char)next);
        }
    }

    public ulong RunToAddress() => Address(RunToLine());

    public ulong NextAddress() => Address(NextLine());

    /// <summary>Stops the target with Ctrl-C.</summary>
    public StopEvent Interrupt()
    {
        LinuxTarget.Interrupt(ref _target);
        return WaitForStop();
    }

    public void GoOn()
    {
        byte line = (byte)'\n';
        _ = TestLibc.Write(_in, &line, 1);
    }

    public ulong ReadWord(ulong address)
    {
        ulong word = 0;
        Assert.Equal(8, LinuxTarget.ReadMemory(ref _target, First, address, new Span<byte>(&word, 8)));
        return word;
    }

    public void Dispose()
    {
        foreach (int process in Session.Processes.Select(p => p.Id).ToList())
        {
            LinuxTarget.Kill(ref _target, process);
        }

        Session.Dispose();
        _ = TestLibc.Close(_in);
        _ = TestLibc.Close(_out);
    }

    private static ulong Address(string line) => ulong.Parse(line.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
