using System;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Tests.Perf;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Linux.Watching;
using Xunit;

namespace Haltpoint.Linux.Tests.Watching;

public class WatchRefusalTests : PerfTest
{
    [Theory]
    [InlineData("countr", AccessKind.Write, 0, "nearest: counter")]
    [InlineData("nosuch.c:counter", AccessKind.Write, 0, "no variable 'counter' in nosuch.c")]
    [InlineData("libnosuch.so:counter", AccessKind.Write, 0, "no library 'libnosuch.so'")]
    [InlineData("mainn", AccessKind.Execute, 0, "no function 'mainn'")]
    [InlineData("counter", AccessKind.Read, 0, "no watchpoint for reads alone")]
    [InlineData("counter", AccessKind.Write, -1, "length -1 is impossible")]
    [InlineData("counter", AccessKind.Write, 64, "32 bytes fit")]
    [InlineData("0x10", AccessKind.Write, 8, "not mapped")]
    [InlineData("0xffffffff81000000", AccessKind.Write, 8, "use --kernel")]
    [InlineData("0xffffffffffffffff", AccessKind.Write, 8, "0xffffffffffffffff")]
    [InlineData("a b", AccessKind.Write, 0, "none of")]
    public void Each_bad_request_gets_one_line_that_says_what_to_do(string what, AccessKind access, int length, string expected)
    {
        using PipedProgram program = new(TraceeBuilder.Build("writers"), "1", "1", "0", "0");
        program.ReadAddress();
        WatchException refusal = Assert.Throws<WatchException>(
            () => MemoryWatch.OnProcess(program.Id, what, new WatchOptions { Access = access, Length = length }));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal(PerfStatus.Ok, SlotProbe.Count(program.Id, -1, out int free));
        Assert.Equal(4, free);
    }

    [Fact]
    public void A_process_that_is_not_there_is_said_to_be_missing()
    {
        WatchException refusal = Assert.Throws<WatchException>(() => MemoryWatch.OnProcess(int.MaxValue, "counter"));
        Assert.Contains("no process", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void When_the_slots_are_taken_the_refusal_says_so_and_they_come_back()
    {
        using PipedProgram program = new(TraceeBuilder.Build("writers"), "1", "1", "0", "0");
        ulong address = program.ReadAddress();
        using (MemoryWatch first = MemoryWatch.OnProcess(program.Id, "counter"))
        using (MemoryWatch second = MemoryWatch.OnProcess(program.Id, "counter"))
        using (MemoryWatch third = MemoryWatch.OnProcess(program.Id, "counter"))
        {
            WatchException tooLong = Assert.Throws<WatchException>(() => MemoryWatch.OnProcess(program.Id, address, 16));
            Assert.Contains("1 debug register is free", tooLong.Message, StringComparison.Ordinal);
            using MemoryWatch fourth = MemoryWatch.OnProcess(program.Id, "counter");
            WatchException none = Assert.Throws<WatchException>(() => MemoryWatch.OnProcess(program.Id, "counter"));
            Assert.Contains("no debug register is free", none.Message, StringComparison.Ordinal);
        }

        using MemoryWatch whole = MemoryWatch.OnProcess(program.Id, address & ~7ul, 32);
        Assert.Equal(32, whole.Length);
    }
}
