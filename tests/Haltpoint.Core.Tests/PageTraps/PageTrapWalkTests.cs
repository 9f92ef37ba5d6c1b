using System;
using Haltpoint.Breakpoints;
using Xunit;

namespace Haltpoint.Core.Tests.PageTraps;

/// <summary>More pages, probes and threads than can be explored: runs by chance, with a seed that repeats them.</summary>
public class PageTrapWalkTests
{
    private const int Actions = 4_000;
    private const int Pages = 12;

    [Theory]
    [InlineData(4, 4, 2)]
    [InlineData(12, 12, 64)]
    public void Nothing_is_lost_on_a_long_run(int probes, int runs, int departed)
    {
        int seed = Random.Shared.Next();
        try
        {
            Walk(new ModelPages(Pages, threads: 4, probes, runs, departed), new Random(seed));
        }
        catch (ModelViolation violation)
        {
            Assert.Fail($"seed {seed}: {violation.Message}");
        }
    }

    private static void Walk(ModelPages world, Random random)
    {
        for (int i = 0; i < Actions; i++)
        {
            int page = random.Next(Pages);
            int count = 1 + random.Next(Math.Min(4, Pages - page));
            int thread = random.Next(world.Threads);
            switch (random.Next(8))
            {
                case 0:
                    ulong start = ModelPages.Start(page) + (ulong)random.Next((int)ModelPages.PageSize);
                    ulong length = 1 + (ulong)random.NextInt64((long)(ModelPages.End(page + count - 1) - start));
                    world.Add(start, length, (AccessKind)(1 + random.Next(3)));
                    break;
                case 1 when world.Probes.Count > 0:
                    world.Remove(random.Next(world.Probes.Count));
                    break;
                case 2 or 3:
                    world.Arm(page, count);
                    break;
                case 4:
                    world.Disarm(page, count);
                    break;
                case 5:
                    world.SetOpen(page, random.Next(3) == 0);
                    break;
                case 6 when world.ThreadAt(thread).Address == 0:
                    world.Fault(thread, ModelPages.Start(page) + 1);
                    break;
                case 6:
                    world.Hear(thread);
                    break;
                default:
                    world.Forget();
                    break;
            }

            world.CheckAll();
        }

        world.WindDown();
    }
}
