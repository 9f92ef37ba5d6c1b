using System;
using System.Collections.Generic;
using System.Linq;
using Haltpoint.Linux.Tests.Perf;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Linux.Watching;
using Xunit;

namespace Haltpoint.Linux.Tests.Watching;

public class MemoryWatchTests : PerfTest
{
    [Theory]
    [InlineData(4, 1000, 1000, 0)]
    [InlineData(2, 100, 300, 50)]
    public void Every_write_is_attributed_to_its_line_with_its_value(int threads, int early, int late, int child)
    {
        using PipedProgram program = new(TraceeBuilder.Build("writers"), $"{threads}", $"{early}", $"{late}", $"{child}");
        program.ReadAddress();
        using MemoryWatch watch = MemoryWatch.OnProcess(program.Id, "counter");
        program.GoOn();
        program.ReadLine();
        IReadOnlyList<WatchHit> hits = watch.Collect();

        Assert.Equal(0, watch.Summary.Lost);
        SourceLines lines = new("writers.c");
        foreach ((string mark, int count) in new[] { ("early", threads * early), ("late", threads * late), ("child", 2 * child) })
        {
            List<WatchHit> here = [.. hits.Where(h => h.Location.Line == lines.Of(mark))];
            Assert.Equal(count, here.Count);
            Assert.All(here, h => Assert.EndsWith("writers.c", h.Location.File, StringComparison.Ordinal));
            Assert.All(here, h => Assert.True(h.IsExact));
        }

        Assert.Equal(hits.Count, (threads * (early + late)) + (2 * child));
        foreach (IGrouping<int, WatchHit> thread in hits.Where(h => h.Location.Line == lines.Of("late")).GroupBy(h => h.ThreadId))
        {
            Assert.Equal(Enumerable.Range(0, late).Select(i => (ulong?)i), thread.Select(h => h.Value));
        }
    }
}
