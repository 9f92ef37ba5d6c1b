using System;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

public class InferiorCallTests
{
    // The call interrupts a read that the kernel has to start again, in the form of either word size, and ends in a fault that is gdb's.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_function_called_in_the_middle_of_a_system_call_leaves_no_trace(bool is64Bit)
    {
        string path = Programs.Build("status", is64Bit ? [] : ["-m32"]);
        using RunningProgram program = new(path, "wait");
        program.WaitForLine("waiting");
        string session = Gdb.Run(
            path,
            $"target extended-remote | {Paths.Haltpoint} gdbserver --once --attach stdio {program.Id}",
            "print counter", "call count()", "print counter", "detach");
        Assert.Contains("$1 = 1", session, StringComparison.Ordinal);
        Assert.Contains("$2 = 2", session, StringComparison.Ordinal);

        program.Input.Close();
        Assert.Equal(0, program.WaitForEnd());
    }

    [Fact]
    public void A_call_returns_to_gdb_although_the_fault_at_its_end_is_a_signal_to_pass()
    {
        string path = Programs.Build("status");
        using RunningProgram program = new(path, "wait");
        program.WaitForLine("waiting");
        string session = Gdb.Run(
            path,
            $"target extended-remote | {Paths.Haltpoint} gdbserver --once --attach stdio {program.Id}",
            "handle SIGSEGV nostop noprint pass", "call count()", "print counter", "detach");
        Assert.Contains("$1 = 2", session, StringComparison.Ordinal);

        program.Input.Close();
        Assert.Equal(0, program.WaitForEnd());
    }
}
