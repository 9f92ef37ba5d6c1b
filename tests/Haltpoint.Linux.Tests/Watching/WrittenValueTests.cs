using System.Collections.Generic;
using System.Linq;
using Haltpoint.Linux.Tests.Perf;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Linux.Watching;
using Xunit;

namespace Haltpoint.Linux.Tests.Watching;

public class WrittenValueTests : PerfTest
{
    // The comments of stores.c, from which these are.
    private static readonly ulong[] s_values =
    [
        0x11, ulong.MaxValue, 0xffffffff00000005, 0, 7, 10, 11, 10, unchecked((ulong)-10), 9, 0x109, 9, 8, 32, 96, 44, 44, 1, 0x7f01,
        44ul << 56, 0x55,
    ];

    [Fact]
    public void The_value_and_the_one_before_follow_from_every_kind_of_store()
    {
        using PipedProgram program = new(TraceeBuilder.Build("stores"));
        program.ReadAddress();
        using MemoryWatch watch = MemoryWatch.OnProcess(program.Id, "watched");
        program.GoOn();
        program.ReadLine();
        IReadOnlyList<WatchHit> hits = watch.Collect();

        Assert.Equal(s_values, hits.Select(h => h.Value!.Value));
        Assert.Equal(s_values[..^1].Prepend(0ul), hits.Select(h => h.OldValue!.Value));
        Assert.All(hits, h => Assert.True(h.IsExact, $"0x{h.Value:x} at 0x{h.InstructionPointer:x}"));
    }

    [Fact]
    public void A_copy_by_the_kernel_is_one_hit_and_names_the_line_that_asked_for_it()
    {
        using PipedProgram program = new(TraceeBuilder.Build("receiver"));
        program.ReadAddress();
        using MemoryWatch watch = MemoryWatch.OnProcess(program.Id, "cell", new WatchOptions { KernelWrites = true });
        program.Send(1, 2, 3, 4, 5, 6, 7, 8);
        program.ReadLine();
        program.Send(8, 7, 6, 5, 4, 3, 2, 1);
        program.ReadLine();
        IReadOnlyList<WatchHit> hits = watch.Collect();

        Assert.Equal(2, hits.Count);
        Assert.All(hits, h => Assert.True(h.IsKernel));
        Assert.All(hits, h => Assert.Equal("main", h.Location.Function));
        Assert.All(hits, h => Assert.Equal(new SourceLines("receiver.c").Of("receive"), h.Location.Line));
        Assert.All(hits, h => Assert.False(h.IsExact));
        Assert.Equal(0x0102030405060708ul, hits[1].Value);
    }

    [Fact]
    public void Without_asking_for_them_the_kernels_writes_are_not_reported()
    {
        using PipedProgram program = new(TraceeBuilder.Build("receiver"));
        program.ReadAddress();
        using MemoryWatch watch = MemoryWatch.OnProcess(program.Id, "cell");
        program.Send(1, 2, 3, 4, 5, 6, 7, 8);
        program.ReadLine();
        Assert.Empty(watch.Collect());
    }
}
