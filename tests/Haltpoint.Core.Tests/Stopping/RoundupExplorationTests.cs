using System;
using System.Collections.Generic;
using Xunit;

namespace Haltpoint.Core.Tests.Stopping;

/// <summary>Every order in which two and three CPUs can take their atomic steps.</summary>
public class RoundupExplorationTests
{
    private const int Limit = 4_000_000;

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    private static readonly Dictionary<string, Func<ModelWorld>> s_cases = new()
    {
        ["two CPUs hit, step, hand over and change what is wanted"] =
            () => new(2, new Budget { Hits = 3, Steps = 1, HandOvers = 1, Changes = 1, Removals = 1 }),
        ["two CPUs, and any wait may end too early"] =
            () => new(2, new Budget { Hits = 2, Steps = 1, HandOvers = 1, Changes = 1, TimeUps = ModelWorld.Always }),
        ["two CPUs step alone, and the debugger breaks in"] =
            () => new(2, new Budget { Hits = 2, Steps = 2, BreakIns = 2, TimeUps = 2 }),
        ["two CPUs step while the other lingers or goes in the end"] =
            () => new(2, new Budget { Hits = 2, Steps = 2, Lingers = 2, Changes = 1, TimeUps = ModelWorld.Always }),
        ["three CPUs, of which two linger while one steps"] =
            () => new(3, new Budget { Hits = 2, Steps = 1, Lingers = 1, TimeUps = 1 }),
        ["two CPUs, and one hangs for good"] =
            () => new(2, new Budget { Hits = 2, Steps = 1, HandOvers = 1, Deaths = 1, TimeUps = ModelWorld.Always }),
        ["two CPUs run into a breakpoint inside the debugger"] =
            () => new(2, new Budget { Hits = 2, Reentries = 2 }),
        ["two CPUs, of which one comes online at any time"] =
            () => new(2, new Budget { Hits = 2, Steps = 1, Changes = 1, TimeUps = ModelWorld.Always }, offline: 1),
        ["three CPUs hit"] =
            () => new(3, new Budget { Hits = 4, Removals = 1 }),
        ["three CPUs hit, and a wait may end too early"] =
            () => new(3, new Budget { Hits = 2, Changes = 1, TimeUps = 2 }),
        ["three CPUs step and hand over"] =
            () => new(3, new Budget { Hits = 2, HandOvers = 1, Steps = 1 }),
        ["three CPUs, and one hangs for good"] =
            () => new(3, new Budget { Hits = 1, HandOvers = 1, Deaths = 1, TimeUps = ModelWorld.Always }),
        ["three CPUs, of which one comes online at any time"] =
            () => new(3, new Budget { Hits = 2, Changes = 1, TimeUps = 1 }, offline: 1),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nothing_goes_wrong_in_any_order(string name)
    {
        Explorer explorer = new(s_cases[name]);
        string? wrong = explorer.Explore(Limit);
        Assert.True(wrong is null, wrong);
        Assert.True(explorer.Quiet > 0);
        TestContext.Current.TestOutputHelper?.WriteLine($"{explorer.States} states, {explorer.Quiet} at rest");
    }
}
