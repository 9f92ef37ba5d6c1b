using System;
using Xunit;

namespace Haltpoint.Ring0.Tests;

public sealed class PanicTests
{
    private const int PanicStatus = 101;

    [Theory]
    [InlineData("panic", "panic: asked for at the console", "Shell.Commands.Run")]
    [InlineData("fault divide", "panic: divide error", "Shell.Faults.Divide")]
    [InlineData("fault null", "panic: page fault at address 0000000000000000, error 0", "Shell.Faults.ReadAt")]
    [InlineData("fault text", "panic: page fault at address ffffffff80", "Shell.Faults.WriteAt")]
    [InlineData("fault stack", "panic: the stack ran over", "Shell.Faults.Recurse")]
    [InlineData("fault index", "panic: an index out of range", "Shell.Faults.Make")]
    public void A_mistake_is_named_with_the_functions_that_led_to_it(string line, string reason, string function)
    {
        using Machine machine = new(2, "exit-on-panic");
        machine.WaitForPrompt();

        machine.Type(line);

        Assert.Equal(PanicStatus, machine.WaitForExit());
        Assert.Contains(reason, machine.Console, StringComparison.Ordinal);
        Assert.Contains($"Ring0.{function} +", machine.Console, StringComparison.Ordinal);
        if (line != "fault stack")
        {
            Assert.Contains("Ring0.Shell.ShellThread.Run +", machine.Console, StringComparison.Ordinal);
            Assert.Contains("thread_entry +", machine.Console, StringComparison.Ordinal);
        }
    }
}
