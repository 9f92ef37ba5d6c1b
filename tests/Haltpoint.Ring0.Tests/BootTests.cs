using Xunit;

namespace Haltpoint.Ring0.Tests;

public sealed class BootTests
{
    [Fact]
    public void The_image_starts_and_ends_the_emulator()
    {
        using Machine machine = new();

        machine.WaitFor("Haltpoint kernel\n");

        Assert.Equal(0, machine.WaitForExit());
    }
}
