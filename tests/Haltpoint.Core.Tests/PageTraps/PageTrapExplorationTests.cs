using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Haltpoint.Breakpoints;
using Xunit;

namespace Haltpoint.Core.Tests.PageTraps;

/// <summary>Every order of requests, armings, faults and their reports, up to some of each.</summary>
public class PageTrapExplorationTests(ITestOutputHelper output)
{
    private const int StateLimit = 2_000_000;

    // Inside a page, across two, whole pages, the same once more, and the last byte.
    private static readonly (ulong Start, ulong Length, AccessKind Access)[] s_requests =
        [(17, 2, AccessKind.Write), (18, 4, AccessKind.ReadWrite), (20, 8, AccessKind.Read)];

    /// <summary>Requests, armings, disarmings, openings, faults; room for runs and for departed runs.</summary>
    public static TheoryData<int, int, int, int, int, int, int> Shapes => new()
    {
        { 2, 2, 2, 1, 1, 3, 4 },
        { 2, 2, 3, 0, 2, 3, 1 },
        { 3, 2, 1, 0, 1, 3, 4 },
        { 1, 2, 2, 1, 2, 1, 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Nothing_is_lost_in_any_order(int requests, int armings, int disarmings, int openings, int faults, int runs, int departed)
    {
        ModelPages world = new(pages: 3, threads: 2, probes: 2, runs, departed);
        Queue<Node> ahead = new();
        HashSet<string> known = [];
        ahead.Enqueue(new Node(null, "start", world.Save(), new Budget(requests, armings, disarmings, openings, faults)));
        int edges = 0;
        while (ahead.TryDequeue(out Node? node))
        {
            world.Restore(node.Saved);
            foreach ((string name, Budget left, Action<ModelPages> action) in List(world, node.Left))
            {
                world.Restore(node.Saved);
                edges++;
                try
                {
                    action(world);
                    world.CheckAll();
                    if (!known.Add(world.Key() + left))
                    {
                        continue;
                    }

                    (TestTable.Saved, ModelPages.State) saved = world.Save();
                    world.WindDown();
                    ahead.Enqueue(new Node(node, name, saved, left));
                }
                catch (ModelViolation violation)
                {
                    Assert.Fail(Describe(violation.Message, node, name));
                }

                Assert.True(known.Count < StateLimit, "too many states");
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{known.Count} states, {edges} steps"));
        Assert.True(known.Count > 1000, "there is hardly anything to explore");
    }

    private static List<(string Name, Budget Left, Action<ModelPages> Action)> List(ModelPages world, Budget left)
    {
        List<(string Name, Budget Left, Action<ModelPages> Action)> all = [];
        for (int i = 0; i < s_requests.Length && left.Requests > 0; i++)
        {
            (ulong start, ulong length, AccessKind access) = s_requests[i];
            all.Add(($"add {start}+{length}", left with { Requests = left.Requests - 1 }, w => w.Add(start, length, access)));
        }

        for (int i = 0; i < world.Probes.Count; i++)
        {
            int index = i;
            all.Add(($"remove {i}", left, w => w.Remove(index)));
        }

        // Also what a well-behaved owner does not do: armed twice, or a part of two runs disarmed. It must be refused and change nothing.
        for (int page = 0; page < 3; page++)
        {
            for (int count = 1; page + count <= 3; count++)
            {
                (int at, int pages) = (page, count);
                if (left.Armings > 0 && Enumerable.Range(at, pages).Any(world.IsNeeded))
                {
                    all.Add(($"arm {at}+{pages}", left with { Armings = left.Armings - 1 }, w => w.Arm(at, pages)));
                }

                if (left.Disarmings > 0 && world.IsArmed(at))
                {
                    all.Add(($"disarm {at}+{pages}", left with { Disarmings = left.Disarmings - 1 }, w => w.Disarm(at, pages)));
                }
            }

            if (left.Openings > 0 && world.IsArmed(page))
            {
                int at = page;
                bool isOpen = !world.IsOpen(at);
                all.Add(($"open {at} {isOpen}", isOpen ? left with { Openings = left.Openings - 1 } : left, w => w.SetOpen(at, isOpen)));
            }
        }

        for (int i = 0; i < world.Threads; i++)
        {
            int thread = i;
            ModelPages.ModelThread at = world.ThreadAt(thread);
            if (at.Address != 0)
            {
                all.Add(($"hear of {thread}", left, w => w.Hear(thread)));
            }
            else if (left.Faults > 0)
            {
                all.Add(($"fault of {thread} at 19", left with { Faults = left.Faults - 1 }, w => w.Fault(thread, 19)));
                all.Add(($"fault of {thread} at 20", left with { Faults = left.Faults - 1 }, w => w.Fault(thread, 20)));
            }
        }

        all.Add(("forget", left, w => w.Forget()));
        return all;
    }

    private static string Describe(string what, Node? node, string last)
    {
        List<string> run = [last];
        for (; node is not null; node = node.Parent)
        {
            run.Add(node.Name);
        }

        run.Reverse();
        return new StringBuilder(what).AppendLine().AppendJoin('\n', run).ToString();
    }

    private readonly record struct Budget(int Requests, int Armings, int Disarmings, int Openings, int Faults);

    private sealed record Node(Node? Parent, string Name, (TestTable.Saved, ModelPages.State) Saved, Budget Left);
}
