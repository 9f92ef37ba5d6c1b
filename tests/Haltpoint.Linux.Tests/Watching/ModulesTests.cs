using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Tests.Perf;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Linux.Watching;
using Xunit;

namespace Haltpoint.Linux.Tests.Watching;

/// <summary>Programs of every kind of layout, and libraries that come late: the line is found in each.</summary>
public class ModulesTests : PerfTest
{
    [Theory]
    [InlineData("-no-pie")]
    [InlineData("-pie")]
    [InlineData("-static")]
    [InlineData("-static-pie")]
    [InlineData("-m32")]
    [InlineData("-O2")]
    public void Lines_and_values_are_found_however_the_program_was_linked(string flag)
    {
        using PipedProgram program = new(TraceeBuilder.Build("writers", flag), "1", "5", "0", "0");
        program.ReadAddress();
        using MemoryWatch watch = MemoryWatch.OnProcess(program.Id, "counter");
        program.GoOn();
        program.ReadLine();
        IReadOnlyList<WatchHit> hits = watch.Collect();

        Assert.Equal([0, 1, 2, 3, 4], hits.Select(h => h.Value!.Value));
        Assert.All(hits, h => Assert.Equal(new SourceLines("writers.c").Of("early"), h.Location.Line));
        Assert.All(hits, h => Assert.True(h.IsExact));
        Assert.All(hits, h => Assert.Equal(flag == "-m32" ? 4 : 8, h.Length));
    }

    [Fact]
    public void A_library_loaded_under_the_watch_has_its_lines_and_can_be_watched_itself()
    {
        SourceLines lines = new("plugins.c");
        using PipedProgram program = new(TraceeBuilder.BuildAs("plugins", "plugins", "-ldl"), Plugin());
        program.ReadAddress();
        using MemoryWatch cell = MemoryWatch.OnProcess(program.Id, "cell");
        program.GoOn();
        Assert.Equal("done", program.ReadLine());
        WatchHit hit = Assert.Single(cell.Collect());
        Assert.Equal(("plugin_write", lines.Of("plugin")), (hit.Location.Function, hit.Location.Line));
        Assert.Equal(42ul, hit.Value);

        using MemoryWatch count = MemoryWatch.OnProcess(program.Id, "libplugin.so:plugin_count");
        program.GoOn();
        Assert.Equal("done", program.ReadLine());
        hit = Assert.Single(count.Collect());
        Assert.Equal(lines.Of("count"), hit.Location.Line);
        Assert.Equal((1ul, 2ul), (hit.OldValue, hit.Value));
    }

    [Fact]
    public void Debug_information_in_a_file_of_its_own_is_found_by_the_link_to_it()
    {
        string whole = TraceeBuilder.BuildAs("plugins", "plugins", "-ldl");
        string symbols = whole + ".split.debug";
        string stripped = whole + ".split";
        Assert.Equal(0, Spawner.WaitForExit(Spawner.Start("objcopy", ["--only-keep-debug", whole, symbols])));
        Assert.Equal(0, Spawner.WaitForExit(Spawner.Start("objcopy", ["--strip-all", "--add-gnu-debuglink=" + symbols, whole, stripped])));
        using PipedProgram program = new(stripped, Plugin());
        ulong cell = program.ReadAddress();
        using MemoryWatch watch = MemoryWatch.OnProcess(program.Id, "plugins.c:cell");
        Assert.Equal(cell, watch.Address);
        Assert.Empty(watch.Notes);

        File.Delete(symbols);
        using MemoryWatch without = MemoryWatch.OnProcess(program.Id, cell, 8);
        Assert.Contains(without.Notes, n => n.Contains("plugins.split is stripped", StringComparison.Ordinal));
        WatchException refusal = Assert.Throws<WatchException>(() => MemoryWatch.OnProcess(program.Id, "cell"));
        Assert.Contains("plugins.split is stripped", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_becomes_another_is_told_from_one_that_ends()
    {
        using MemoryWatch became = MemoryWatch.OnProgram(Command(TraceeBuilder.Build("becomes"), "/bin/true"), "counter");
        Assert.Equal(0, became.WaitForExit());
        Assert.Single(Read(became));
        Assert.True(became.HasBecomeAnother);

        using MemoryWatch ended = MemoryWatch.OnProgram(Command(TraceeBuilder.Build("becomes"), "/no/such/program"), "counter");
        Assert.Equal(3, ended.WaitForExit());
        Assert.Single(Read(ended));
        Assert.False(ended.HasBecomeAnother);
    }

    private static string Plugin() => TraceeBuilder.BuildAs("plugins", "libplugin.so", "-DPLUGIN", "-shared", "-fPIC");

    private static byte[][] Command(params string[] words) => [.. words.Select(Encoding.UTF8.GetBytes)];

    private static List<WatchHit> Read(MemoryWatch watch) => watch.ReadHitsAsync(TestContext.Current.CancellationToken).ToBlockingEnumerable().ToList();
}
