using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Haltpoint.Core.Tests.Stopping;

/// <summary>Visits every state that a world can come to, and checks that from each of them it can come to rest.</summary>
/// <remarks>
/// States are told apart by 128 bits of hash. A state from which no quiet one can be reached is a deadlock, or a livelock that no
/// luck ends; a broken rule or such a state is reported with the shortest run that leads there.
/// </remarks>
internal sealed unsafe class Explorer(Func<ModelWorld> create)
{
    private readonly Dictionary<UInt128, int> _known = [];
    private readonly List<(int Parent, ModelAction Action)> _origins = [];
    private readonly List<int> _edgeFrom = [];
    private readonly List<int> _edgeTo = [];
    private readonly List<int> _quiet = [];

    public int States => _origins.Count;

    public int Quiet => _quiet.Count;

    /// <returns>What is wrong, and the run that shows it; null when nothing is.</returns>
    public string? Explore(int limit)
    {
        using ModelWorld world = create();
        Queue<byte[]> ahead = new();
        ahead.Enqueue(world.State.Bytes.ToArray());
        Add(world, -1, default);
        List<ModelAction> actions = [];
        for (int from = 0; ahead.Count > 0; from++)
        {
            byte[] bytes = ahead.Dequeue();
            Load(world, bytes);
            world.List(actions);
            foreach (ModelAction action in actions)
            {
                Load(world, bytes);
                try
                {
                    world.Do(action);
                    if (!Add(world, from, action))
                    {
                        continue;
                    }
                }
                catch (ModelViolation violation)
                {
                    return Describe(violation.Message, from, action);
                }

                if (States > limit)
                {
                    return $"more than {limit} states";
                }

                ahead.Enqueue(world.State.Bytes.ToArray());
            }
        }

        int stuck = FindStuck();
        return stuck < 0 ? null : Describe("from here the machine can never come to rest", stuck, null);
    }

    private static void Load(ModelWorld world, byte[] bytes) => bytes.CopyTo(world.State.Bytes);

    private static UInt128 Hash(ReadOnlySpan<byte> bytes)
    {
        ulong first = 14695981039346656037;
        ulong second = 0x9E3779B97F4A7C15;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            UInt128 product = Math.BigMul(first ^ word, 0xA0761D6478BD642F);
            first = (ulong)(product >> 64) ^ (ulong)product ^ second;
            second = ulong.RotateLeft((second ^ word) * 0xE7037ED1A0B428DB, 29);
        }

        return new UInt128(first, second);
    }

    // Whether the state is new.
    private bool Add(ModelWorld world, int parent, ModelAction action)
    {
        ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, Hash(world.State.Bytes), out bool isKnown);
        if (!isKnown)
        {
            index = _origins.Count;
            _origins.Add((parent, action));
            if (world.IsQuiet)
            {
                _quiet.Add(index);
            }
        }

        if (parent >= 0 && parent != index)
        {
            _edgeFrom.Add(parent);
            _edgeTo.Add(index);
        }

        return !isKnown;
    }

    // Backwards from the quiet states; -1 when that reaches all.
    private int FindStuck()
    {
        int[] first = new int[States + 1];
        foreach (int to in _edgeTo)
        {
            first[to + 1]++;
        }

        for (int i = 0; i < States; i++)
        {
            first[i + 1] += first[i];
        }

        int[] sources = new int[_edgeTo.Count];
        int[] next = first[..^1];
        for (int edge = 0; edge < _edgeTo.Count; edge++)
        {
            sources[next[_edgeTo[edge]]++] = _edgeFrom[edge];
        }

        bool[] canRest = new bool[States];
        Stack<int> open = new(_quiet);
        foreach (int state in _quiet)
        {
            canRest[state] = true;
        }

        while (open.TryPop(out int to))
        {
            for (int at = first[to]; at < first[to + 1]; at++)
            {
                if (!canRest[sources[at]])
                {
                    canRest[sources[at]] = true;
                    open.Push(sources[at]);
                }
            }
        }

        return Array.IndexOf(canRest, false);
    }

    private string Describe(string what, int state, ModelAction? last)
    {
        List<ModelAction> run = last is ModelAction action ? [action] : [];
        for (int at = state; at > 0; at = _origins[at].Parent)
        {
            run.Add(_origins[at].Action);
        }

        run.Reverse();
        using ModelWorld world = create();
        StringBuilder text = new(what);
        foreach (ModelAction step in run)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {step} ({world.State.Record(step.Cpu).Phase})");
            try
            {
                world.Do(step);
            }
            catch (ModelViolation)
            {
                break; // what the run is about
            }
        }

        return text.ToString();
    }
}
