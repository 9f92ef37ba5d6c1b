using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
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

    [Fact]
    public void Only_the_threads_that_were_asked_for_are_watched()
    {
        const int Writes = 50;
        using PipedProgram program = new(TraceeBuilder.Build("writers"), "3", $"{Writes}", $"{Writes}", "0");
        program.ReadAddress();
        int[] threads = [.. Directory.GetDirectories($"/proc/{program.Id}/task").Select(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture)).Order()];
        Assert.Equal(4, threads.Length);
        using MemoryWatch watch = MemoryWatch.OnProcess(program.Id, "counter", new WatchOptions { Threads = [threads[1], threads[3]] });
        program.GoOn();
        program.ReadLine();
        IReadOnlyList<WatchHit> hits = watch.Collect();

        Assert.Equal(Writes, hits.Count(h => h.ThreadId == threads[1]));
        Assert.Equal(Writes, hits.Count(h => h.ThreadId == threads[3]));
        Assert.Equal(2 * Writes, hits.Count);
        Assert.False(watch.HasBecomeAnother);
    }

    [Fact]
    public async Task Reading_may_be_given_up_and_taken_up_again()
    {
        using PipedProgram program = new(TraceeBuilder.Build("writers"), "1", "10", "0", "0");
        program.ReadAddress();
        using MemoryWatch watch = MemoryWatch.OnProcess(program.Id, "counter");
        using CancellationTokenSource enough = new();
        Task read = Task.Run(async () => await watch.ReadHitsAsync(enough.Token).ToListAsync(), TestContext.Current.CancellationToken);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);

        program.GoOn();
        program.ReadLine();
        List<WatchHit> hits = [];
        await foreach (WatchHit hit in watch.ReadHitsAsync(TestContext.Current.CancellationToken))
        {
            hits.Add(hit);
            if (hits.Count == 10)
            {
                watch.Stop();
            }
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => (ulong?)i), hits.Select(h => h.Value));
        Assert.Equal(10, watch.Summary.Hits);
    }
}
