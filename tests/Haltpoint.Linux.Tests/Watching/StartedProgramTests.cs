using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Haltpoint.Linux.Tests.Perf;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Linux.Watching;
using Xunit;

namespace Haltpoint.Linux.Tests.Watching;

public class StartedProgramTests : PerfTest
{
    private static readonly SourceLines s_lines = new("loud.c");

    [Fact]
    public void A_variable_of_the_program_is_watched_from_before_its_first_instruction()
    {
        using MemoryWatch watch = MemoryWatch.OnProgram(Command("3"), "own");
        Assert.Equal(7, watch.WaitForExit());
        IReadOnlyList<WatchHit> hits = watch.Collect();

        Assert.Equal([s_lines.Of("own"), s_lines.Of("own again")], hits.Select(h => h.Location.Line));
        Assert.Equal([2ul, 3ul], hits.Select(h => h.Value!.Value));
        Assert.Equal([1ul, 2ul], hits.Select(h => h.OldValue!.Value));
    }

    [Theory]
    [InlineData("loud_counter")]
    [InlineData("libloud.so:loud_counter")]
    [InlineData("loud.c:loud_counter")]
    public void A_variable_of_a_library_is_watched_from_before_the_librarys_constructor(string what)
    {
        using MemoryWatch watch = MemoryWatch.OnProgram(Command("2"), what);
        Assert.Equal(7, watch.WaitForExit());
        IReadOnlyList<WatchHit> hits = watch.Collect();

        Assert.Equal([s_lines.Of("constructor"), s_lines.Of("library"), s_lines.Of("library")], hits.Select(h => h.Location.Line));
        Assert.Equal([100ul, 0ul, 1ul], hits.Select(h => h.Value!.Value));
        Assert.All(hits, h => Assert.True(h.IsExact));
    }

    [Fact]
    public void A_name_that_is_nowhere_ends_the_program_and_names_the_nearest()
    {
        WatchException refusal = Assert.Throws<WatchException>(() => MemoryWatch.OnProgram(Command("1"), "loud_countr"));
        Assert.Contains("loud_counter", refusal.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_not_there_is_said_to_be_missing()
    {
        WatchException refusal = Assert.Throws<WatchException>(() => MemoryWatch.OnProgram([Encoding.UTF8.GetBytes("/no/such/program")], "x"));
        Assert.Contains("/no/such/program", refusal.Message, System.StringComparison.Ordinal);
    }

    private static byte[][] Command(string count)
    {
        string library = TraceeBuilder.BuildAs("loud", "libloud.so", "-shared", "-fPIC", "-O0");
        string directory = Path.GetDirectoryName(library)!;
        string program = TraceeBuilder.BuildAs("loud", "loud-main", "-DMAIN", "-O0", "-L" + directory, "-lloud", "-Wl,-rpath," + directory);
        return [Encoding.UTF8.GetBytes(program), Encoding.UTF8.GetBytes(count)];
    }
}
