using System.IO;
using Haltpoint.Cli.Demo;
using Xunit;

namespace Haltpoint.Cli.Tests;

public class CorruptionReportTests
{
    private const string Session = """
        Hardware watchpoint 2: records[2].owner
        [Switching to Thread 10.12]

        Thread 3 "some name" hit Hardware watchpoint 2: records[2].owner

        Old value = 5
        New value = -7
        store (p=0x1) at other.c:19
        19	    for (int i = 0; i < count; i++)
        store + 63 in section .text of /tmp/records
        Line 20 of "other.c" starts at address 0x5208 <store+60> and ends at 0x520d <store+64>.
        """;

    [Fact]
    public void All_of_the_report_is_taken_from_the_session()
    {
        Assert.True(CorruptionReport.TryRead(Session, out CorruptionReport? report));
        using StringWriter output = new();
        report!.Print(output, "x");
        string text = output.ToString();
        Assert.All(["store", "other.c:20", "3 \"some name\"", "old value     5", "new value     -7"], part => Assert.Contains(part, text, System.StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hit Hardware")]
    [InlineData("Old value")]
    [InlineData("Line 20")]
    [InlineData("in section")]
    public void A_session_that_lacks_a_part_makes_no_report(string part) =>
        Assert.False(CorruptionReport.TryRead(Session.Replace(part, "", System.StringComparison.Ordinal), out _));
}
