using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

/// <summary>A session with one program started under it, and the pipes of <see cref="PipedProgram"/> between test and program.</summary>
/// <remarks>What is left of the program dies with the session: a failing test leaves no process.</remarks>
internal sealed unsafe class TracedProgram : SessionDriver
{
    private readonly int _in;
    private readonly int _out;

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
        Session.Launch.IsThroughShell = false;
        string[] all = [TraceeBuilder.Build(program, flags), Text(childIn), Text(childOut), .. arguments];
        Session.Launch.Arguments = [.. all.Select(Encoding.UTF8.GetBytes)];
        Assert.Equal(TargetStatus.Ok, Session.Run(Session.Launch.ToRequest(), out int id));
        Id = id;
        _ = TestLibc.Close(childIn);
        _ = TestLibc.Close(childOut);
        StopEvent first = WaitForStop();
        Assert.Equal((StopKind.Signal, SignalNumber.Trap), (first.Kind, first.Signal));
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
            Assert.True(result == WaitResult.Connection, result == WaitResult.Stop ? Describe(WaitForStop()) : result.ToString());
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

    /// <summary>Sends what the program waits for.</summary>
    public void Send(string letters)
    {
        fixed (byte* first = Encoding.ASCII.GetBytes(letters))
        {
            _ = TestLibc.Write(_in, first, (nuint)letters.Length);
        }
    }

    public void GoOn() => Send("\n");

    public override void Dispose()
    {
        base.Dispose();
        _ = TestLibc.Close(_in);
        _ = TestLibc.Close(_out);
    }

    private static string Describe(in StopEvent stop) => $"{stop.Kind} of {stop.Thread.Thread}, signal {stop.Signal}, {stop.Reason}, code {stop.Code}";

    private static ulong Address(string line) => ulong.Parse(line.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
