using Haltpoint.Linux.Ptrace;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

[Collection("ptrace")]
public class SyscallTests
{
    private const int GetParent = 110;

    [Fact]
    public void A_caught_system_call_stops_at_entry_and_return()
    {
        using TracedProgram program = new("births");
        program.RunToLine();
        program.NextLine();
        program.Interrupt();
        Assert.Equal(TargetStatus.Ok, LinuxTarget.CatchSyscalls(ref program.Target, program.First, true, [GetParent]));
        program.Send("c");
        StopEvent entry = program.ContinueToStop();
        Assert.Equal((StopKind.SyscallEntry, GetParent), (entry.Kind, entry.Code));
        StopEvent back = program.ContinueToStop();
        Assert.Equal((StopKind.SyscallReturn, GetParent), (back.Kind, back.Code));
        Assert.Equal((ulong)System.Environment.ProcessId, program.ReadRegister(program.First, 0));
        Assert.Equal("called", program.RunToLine());
        program.Interrupt();
        Assert.Equal(TargetStatus.Ok, LinuxTarget.CatchSyscalls(ref program.Target, program.First, false, default));
        program.Send("c");
        Assert.Equal("called", program.RunToLine());
    }

    [Fact]
    public void Every_call_is_caught_when_none_is_named()
    {
        using TracedProgram program = new("births");
        program.RunToLine();
        program.NextLine();
        program.Interrupt();
        Assert.Equal(TargetStatus.Ok, LinuxTarget.CatchSyscalls(ref program.Target, program.First, true, default));
        program.Send("cx");
        int entries = 0;
        StopEvent stop;
        while ((stop = program.ContinueToStop()).Kind != StopKind.ProcessExited)
        {
            Assert.True(stop.Kind is StopKind.SyscallEntry or StopKind.SyscallReturn);
            entries += stop.Kind == StopKind.SyscallEntry && stop.Code == GetParent ? 1 : 0;
        }

        Assert.Equal(1, entries);
    }
}
