using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Haltpoint.Linux.Tests.Perf;
using Haltpoint.Linux.Watching;
using Xunit;

namespace Haltpoint.Linux.Tests.Watching;

/// <summary>Programs of the distribution: what docs/watch.md tells people to type.</summary>
public class RealProgramTests : PerfTest
{
    private const string Sqlite = "/usr/bin/sqlite3";

    [Fact]
    public void The_writer_of_a_global_of_a_stripped_library_is_found()
    {
        Assert.SkipUnless(File.Exists(Sqlite), "sqlite3 is not installed");
        using MemoryWatch watch = MemoryWatch.OnProgram(Command("PRAGMA temp_store_directory='/tmp'"), "sqlite3_temp_directory");
        Assert.Equal(0, watch.WaitForExit());
        IReadOnlyList<WatchHit> hits = watch.Collect();

        WatchHit hit = Assert.Single(hits);
        Assert.Contains("libsqlite3", hit.Location.Module, System.StringComparison.Ordinal);
        Assert.Equal(0ul, hit.OldValue);
        Assert.Contains(watch.Notes, n => n.Contains("stripped", System.StringComparison.Ordinal));
    }

    [Fact]
    public void Separate_debug_symbols_are_found_by_build_id_and_stacks_need_no_frame_pointers()
    {
        Assert.SkipUnless(File.Exists(Sqlite), "sqlite3 is not installed");
        Assert.SkipUnless(Directory.Exists("/usr/lib/debug/.build-id"), "libc6-dbg is not installed");
        using MemoryWatch watch = MemoryWatch.OnProgram(
            Command("create table t(a)"), "libc.so.6:main_arena+96", new WatchOptions { Length = 8, Stacks = true });
        Assert.Equal(0, watch.WaitForExit());
        IReadOnlyList<WatchHit> hits = watch.Collect();

        Assert.Equal(0, watch.Summary.Lost);
        WatchHit allocation = hits.First(h => h.Location.Function == "_int_malloc");
        Assert.EndsWith("malloc.c", allocation.Location.File, System.StringComparison.Ordinal);
        Assert.Contains(hits, h => h.Stack.Any(f => f.Module!.Contains("libsqlite3", System.StringComparison.Ordinal)));
    }

    private static byte[][] Command(string statement) =>
        [Encoding.UTF8.GetBytes(Sqlite), Encoding.UTF8.GetBytes(":memory:"), Encoding.UTF8.GetBytes(statement)];
}
