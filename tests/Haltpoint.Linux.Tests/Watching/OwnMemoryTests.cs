using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Haltpoint.Linux.Tests.Perf;
using Haltpoint.Linux.Watching;
using Xunit;

namespace Haltpoint.Linux.Tests.Watching;

public class OwnMemoryTests : PerfTest
{
    [Fact]
    public void A_write_to_a_pinned_buffer_names_the_method_that_made_it()
    {
        long[] buffer = GC.AllocateArray<long>(4, pinned: true);
        using MemoryWatch watch = MemoryWatch.OnOwnMemory(buffer.AsSpan(1, 1));
        Scribble(buffer);
        IReadOnlyList<WatchHit> hits = watch.Collect();

        WatchHit hit = Assert.Single(hits);
        Assert.Equal(42ul, hit.Value);
        Assert.Equal(0ul, hit.OldValue);
        Assert.Equal($"{typeof(OwnMemoryTests).FullName}.{nameof(Scribble)}", hit.Location.Function);
    }

    [Fact]
    public void A_buffer_that_nobody_writes_has_no_hits()
    {
        long[] buffer = GC.AllocateArray<long>(4, pinned: true);
        using MemoryWatch watch = MemoryWatch.OnOwnMemory<long>(buffer);
        Assert.Equal(0, buffer.Sum());
        Assert.Empty(watch.Collect());
        Assert.Equal(default, watch.Summary);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Scribble(long[] buffer) => buffer[1] = 42;
}
