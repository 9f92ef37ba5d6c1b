using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

/// <summary>A session attached to a program that ran before.</summary>
internal sealed class AttachedProgram : SessionDriver
{
    public AttachedProgram(PipedProgram program, bool nonStop = false)
    {
        Id = program.Id;
        if (nonStop)
        {
            LinuxTarget.SetNonStop(ref Target, true);
        }

        Assert.Equal(TargetStatus.Ok, LinuxTarget.Attach(ref Target, Id));
        if (!nonStop)
        {
            StopEvent stop = WaitForStop();
            Assert.Equal((StopKind.Signal, Id), (stop.Kind, stop.Thread.Process));
        }
    }

    public void Detach() => Assert.Equal(TargetStatus.Ok, LinuxTarget.Detach(ref Target, Id));

    public override void Dispose()
    {
        // The program is its starter's to end.
        if (Session.FindProcess(Id) is not null)
        {
            LinuxTarget.Detach(ref Target, Id);
        }

        base.Dispose();
    }
}
