using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

[Collection("ptrace")]
public class JobControlTests
{
    private const int TerminalStop = 20;

    [Theory]
    [InlineData(SignalNumber.Stop)]
    [InlineData(TerminalStop)]
    public void A_stop_signal_that_is_delivered_stops_the_program_until_SIGCONT(int signal)
    {
        using TracedProgram program = new("signals");
        program.RunToLine();
        program.NextLine();
        Assert.Equal("ready", program.NextLine());
        Assert.Equal(0, TestLibc.Kill(program.Id, signal));
        Assert.Equal(signal, program.WaitForStop().Signal);
        program.ResumeAll(signal);

        // Ctrl-C finds it where it is, and it is there again afterwards.
        program.Interrupt();
        Assert.True(program.Session.Find(program.First)!.IsInGroupStop);
        program.ResumeAll();
        Assert.Equal(0, TestLibc.Kill(program.Id, SignalNumber.Continue));
        StopEvent stop = program.WaitForStop();
        Assert.Equal(SignalNumber.Continue, stop.Signal);
        Assert.False(program.Session.Find(program.First)!.IsInGroupStop);
        program.ResumeAll(SignalNumber.Continue);
        Assert.StartsWith("18 0 ", program.NextLine());
        program.GoOn();
        Assert.Equal(StopKind.ProcessExited, program.WaitForStop().Kind);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void A_process_stopped_by_job_control_is_still_so_after_attach_and_detach(int threads)
    {
        using PipedProgram piped = new(TraceeBuilder.Build("many"), threads.ToString(), "sleep");
        piped.ReadLine();
        Assert.Equal("ready", piped.ReadLine());
        Assert.Equal(0, TestLibc.Kill(piped.Id, SignalNumber.Stop));
        AwaitState(piped.Id, 'T');
        using (AttachedProgram program = new(piped))
        {
            Assert.Equal('t', ThreadStat.ReadState(piped.Id));
            program.Detach();
        }

        AwaitState(piped.Id, 'T');
        Assert.Equal(0, TestLibc.Kill(piped.Id, SignalNumber.Continue));
        piped.GoOn();
        Assert.Equal(0, piped.WaitForExit());
    }

    // The kernel's own transitions: over in a moment, and seen here only from outside.
    private static void AwaitState(int process, char state)
    {
        for (int looks = 0; ThreadStat.ReadState(process) != state; looks++)
        {
            Assert.True(looks < 1_000_000, $"the process is in state {ThreadStat.ReadState(process)}");
            System.Threading.Thread.Yield();
        }
    }
}
