using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>Watching a .NET process that knew nothing of it when it was started.</summary>
public class WatchManagedTests
{
    private const int Rounds = 3;

    [Theory]
    [InlineData(0, "WriteNative")]
    [InlineData(1, "WritePinned")]
    [InlineData(2, "WriteLocal")]
    public void The_method_that_writes_is_named(int which, string method)
    {
        using RunningProgram target = StartTarget(which, out string address);
        using RunningProgram watch = Watch(target, address, "--hits", "3");
        Write(target);
        List<JsonElement> hits = HitsOf(watch);
        target.Input.Close();
        Assert.Equal(0, target.WaitForEnd());

        Assert.All(hits, h => Assert.Equal("ManagedWriter.Writer." + method, h.GetProperty("function").GetString()));
        Assert.Equal([1, 2, 3], hits.Select(h => h.GetProperty("value").GetInt64()));
        Assert.All(hits, h => Assert.True(h.GetProperty("exact").GetBoolean()));
        Assert.False(File.Exists($"/tmp/perf-{target.Id}.map"), "the list of methods was left behind");
    }

    [Fact]
    public void Methods_have_their_names_when_the_process_ends_at_once()
    {
        using RunningProgram target = StartTarget(1, out string address);
        using RunningProgram watch = Watch(target, address);
        Write(target);
        target.Input.Close();
        Assert.Equal(0, target.WaitForEnd());

        List<JsonElement> hits = HitsOf(watch);
        Assert.Equal(Rounds, hits.Count(h => h.GetProperty("function").GetString() == "ManagedWriter.Writer.WritePinned"));
    }

    private static RunningProgram StartTarget(int which, out string address)
    {
        RunningProgram target = new(Path.Combine(AppContext.BaseDirectory, "ManagedWriter"));
        address = target.WaitForLine("0x").Split(' ')[which];
        target.WaitForLine("ready");
        return target;
    }

    private static RunningProgram Watch(RunningProgram target, string address, params string[] options)
    {
        RunningProgram watch = new(
            Paths.Haltpoint, ["watch", address, "--length", "8", "--pid", target.Id.ToString(CultureInfo.InvariantCulture), "--output", "json", .. options]);
        string first = watch.WaitForLine("haltpoint:");
        Assert.SkipWhen(first.Contains("not permitted", StringComparison.Ordinal), first);
        Assert.Contains("watching", first, StringComparison.Ordinal);
        return watch;
    }

    private static void Write(RunningProgram target)
    {
        for (int i = 0; i < Rounds; i++)
        {
            target.Input.WriteLine();
        }

        target.Input.Flush();
    }

    private static List<JsonElement> HitsOf(RunningProgram watch)
    {
        Assert.Equal(0, watch.WaitForEnd(out string output));
        List<JsonElement> lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.Equal(0, lines[^1].GetProperty("lost").GetInt64());
        return lines[..^1];
    }
}
