using System;
using System.Collections.Generic;
using Haltpoint.Stopping;
using Xunit;

namespace Haltpoint.Core.Tests.Stopping;

/// <summary>More CPUs than can be explored: runs by chance, with a seed that repeats them.</summary>
public class RoundupWalkTests
{
    private const int Actions = 60_000;
    private const int ActionsToRest = 400_000;

    public static TheoryData<int> CpuCounts => [4, 7, 16, 64];

    [Theory]
    [MemberData(nameof(CpuCounts))]
    public void Nothing_goes_wrong_on_a_long_run(int cpus)
    {
        int seed = Random.Shared.Next();
        try
        {
            Walk(cpus, seed);
        }
        catch (ModelViolation violation)
        {
            Assert.Fail($"seed {seed}, {cpus} CPUs: {violation.Message}");
        }
    }

    private static void Walk(int cpus, int seed)
    {
        const int Plenty = 100_000_000;
        Random random = new(seed);
        Budget plenty = new()
        {
            Hits = Plenty, Steps = Plenty, Lingers = Plenty, HandOvers = Plenty, TimeUps = Plenty, Changes = Plenty, Removals = Plenty, BreakIns = Plenty, Reentries = 1,
        };
        using ModelWorld world = new(cpus, plenty, offline: cpus / 2);
        List<ModelAction> actions = [];
        for (int i = 0; i < Actions; i++)
        {
            world.List(actions);
            ModelAction action = actions[random.Next(actions.Count)];

            // Waits mostly last, and machines mostly run: otherwise hardly any stop would be complete.
            bool isRare = action.Kind is ModelActionKind.StepWithTimeUp or ModelActionKind.Hit or ModelActionKind.ComeOnline or ModelActionKind.Reenter;
            if (!isRare || random.Next(4 * cpus) == 0)
            {
                world.Do(action);
            }
        }

        Rest(world, random, actions);
    }

    // Nothing new happens: all that was begun has to end.
    private static void Rest(ModelWorld world, Random random, List<ModelAction> actions)
    {
        world.State.Left = default;
        for (int i = 0; !world.IsQuiet; i++)
        {
            ModelViolation.If(i == ActionsToRest, "the machine does not come to rest");
            world.List(actions);
            world.Do(actions[random.Next(actions.Count)]);
        }
    }
}
