using System;
using System.Collections.Generic;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

[Collection("ptrace")]
public class RefusalTests
{
    [Fact]
    public void A_process_that_is_not_there() => Refused(0x3FFFFFFF, TargetStatus.NoSuchProcess, "No such process");

    [Fact]
    public void The_server_itself() => Refused(Environment.ProcessId, TargetStatus.Refused, "debug server itself");

    [Fact]
    public void A_thread_of_the_kernel()
    {
        Assert.SkipUnless(System.IO.Directory.Exists("/proc/2"), "kernel threads are not seen here");
        Refused(2, TargetStatus.Refused, "part of the kernel");
    }

    [Fact]
    public void A_process_that_is_traced_already()
    {
        using PipedProgram piped = new(TraceeBuilder.Build("many"), "1", "sleep");
        piped.ReadLine();
        piped.ReadLine();
        using AttachedProgram first = new(piped);
        Refused(piped.Id, TargetStatus.AlreadyTraced, $"by process {Environment.ProcessId} (");
        Assert.Equal(TargetStatus.Refused, LinuxTarget.Attach(ref first.Target, piped.Id));
        Assert.Contains("by this server", first.Session.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thread_that_is_not_the_first_of_its_process()
    {
        using PipedProgram piped = new(TraceeBuilder.Build("many"), "1", "sleep");
        piped.ReadLine();
        piped.ReadLine();
        List<int> threads = [];
        Procfs.TaskList.Read(piped.Id, threads);
        Refused(threads[1], TargetStatus.Refused, $"a thread of process {piped.Id}");
    }

    [Fact]
    public void A_process_that_has_ended()
    {
        using PipedProgram piped = new(TraceeBuilder.Build("births"));
        piped.ReadLine();
        piped.ReadLine();
        piped.Send((byte)'x');
        Assert.Throws<InvalidOperationException>(piped.ReadLine);
        for (int looks = 0; Procfs.ThreadStat.ReadState(piped.Id) != 'Z'; looks++)
        {
            Assert.True(looks < 1_000_000);
            System.Threading.Thread.Yield();
        }

        Refused(piped.Id, TargetStatus.Refused, "zombie");
        Assert.Equal(3, piped.WaitForExit());
    }

    private static void Refused(int process, TargetStatus expected, string reason)
    {
        using PtraceSession session = new();
        Assert.Equal(expected, session.Attach(process));
        Assert.Contains(reason, session.LastError, StringComparison.Ordinal);
        Assert.Empty(session.Processes);
    }
}
