using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Haltpoint.Ring0.Tests.MmioTrace;

/// <summary><c>haltpoint ring0 trace</c> and <c>haltpoint mmio</c>, as docs/mmio.md has them.</summary>
public sealed class TraceCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("haltpoint-").FullName;

    private string Log => Path.Combine(_directory, "log");

    [Theory]
    [InlineData("edu", 0x10_0000)]
    [InlineData("hpet", 0x400)]
    [InlineData("rng", 0x1000)]
    public void A_driver_is_traced_in_one_command_and_its_log_is_read(string device, ulong length)
    {
        using (Machine trace = Machine.FromCommandLine("ring0", "trace", "--device", device, "--cpus", "2", "-o", Log))
        {
            string? answer = trace.ReadErrorLine();
            Assert.StartsWith($"{device}: all right, ", answer, StringComparison.Ordinal);
            Assert.Equal(0, trace.WaitForStatus());
        }

        Assert.Contains(TraceLine.Mappings(Log).Values, m => m.Length == length);
        string page = Path.Combine(_directory, "page.html");
        using Machine read = Machine.FromCommandLine("mmio", Log, "--report", page);
        Assert.Equal(0, read.WaitForStatus());
        Assert.Matches(@"^\d+ accesses, \d+ reads and \d+ writes, in \d+\.\d{6} s; none lost\n", read.Console);
        Assert.Equal(TraceLine.Accesses(Log).Count, int.Parse(read.Console.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains("<script", File.ReadAllText(page), StringComparison.Ordinal);
    }

    /// <summary>The driver's own words, from its source: what it does before it waits for anything.</summary>
    [Fact]
    public void The_log_of_edu_has_what_its_driver_does_first()
    {
        using Machine trace = Machine.FromCommandLine("ring0", "trace", "--device", "edu", "--cpus", "1", "-o", Log);
        Assert.Equal(0, trace.WaitForStatus());

        (ulong start, _) = TraceLine.Mappings(Log).Values.Single();
        Assert.Equal(
            ["R4 0 10000ed", "W4 4 12345678", "R4 4 edcba987", "W4 20 80", "W4 8 a"],
            TraceLine.Accesses(Log).Take(5).Select(l => $"{l.Kind}{l.Width} {l.Physical - start:x} {l.Value:x}"));
    }

    [Theory]
    [InlineData("haltpoint: 'toaster' is none of hpet, edu, rng, hammer, pages, cost. Try 'haltpoint ring0 trace --help'.", "ring0", "trace", "--device", "toaster", "-o", "log")]
    [InlineData("haltpoint: Could not find a part of the path '/nowhere/log'.", "ring0", "trace", "--device", "edu", "-o", "/nowhere/log")]
    [InlineData("haltpoint: Could not find file '/nowhere'.", "mmio", "/nowhere")]
    public void What_cannot_be_is_one_line(string line, params string[] arguments)
    {
        using Machine machine = Machine.FromCommandLine(arguments);

        Assert.Equal(line, machine.ReadErrorLine());
        Assert.Null(machine.ReadErrorLine());
        Assert.NotEqual(0, machine.WaitForStatus());
    }

    [Fact]
    public void A_bad_line_is_told_by_its_number_and_the_rest_is_read()
    {
        File.WriteAllText(Log, "VERSION 20070824\nMAP 1.000000 1 0x1000 0x2000 0x1000 0x0 0\nR 4 nonsense\nW 4 1.000001 1 0x1000 0x1 0x0 0\n");
        using Machine read = Machine.FromCommandLine("mmio", Log);

        Assert.Equal($"{Log}:3: 'nonsense' is no time such as 12.000345", read.ReadErrorLine());
        Assert.Equal(1, read.WaitForStatus());
        Assert.StartsWith("1 accesses, 0 reads and 1 writes, ", read.Console, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
