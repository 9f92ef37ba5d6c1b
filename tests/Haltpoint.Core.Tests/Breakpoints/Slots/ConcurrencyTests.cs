using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

/// <summary>Many threads at once: what each was told is what one thread would have been told that made the same calls in the order the pool took them.</summary>
public class ConcurrencyTests
{
    private const int Cpus = 3;
    private const int Tasks = 4;
    private const int Threads = 8;
    private const int Operations = 20_000;

    /// <summary>A call and its answer; a release names the reservation it is of.</summary>
    private sealed record Call(ulong Order, SlotRequest Request, Call? Released, SlotStatus Status);

    [Fact]
    public void The_answers_are_those_of_a_serial_replay()
    {
        using TestPool pool = new(SlotProfile.Arm64(2, 4), Cpus, Tasks, 2_000);
        List<Call>[] calls = [.. Enumerable.Range(0, Threads).Select(_ => new List<Call>(Operations))];
        using Barrier start = new(Threads);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            start.SignalAndWait();
            Run(pool.Pool, new Random(20260104 + t), calls[t]);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.True(pool.Pool.IsEmpty);
        Call[] ordered = [.. calls.SelectMany(list => list).OrderBy(call => call.Order)];
        Assert.Equal(Enumerable.Range(1, ordered.Length), ordered.Select(call => (int)call.Order));
        Assert.True(ordered.Count(call => call.Status == SlotStatus.Exhausted) > 1_000, "the threads must have met");

        using TestPool replay = new(SlotProfile.Arm64(2, 4), Cpus, Tasks, 2_000);
        Dictionary<Call, SlotId> ids = [];
        foreach (Call call in ordered)
        {
            SlotStatus status;
            if (call.Released is null)
            {
                status = replay.Pool.Reserve(call.Request, default, SlotWait.ForLock, out SlotId id);
                ids[call] = id;
            }
            else
            {
                status = replay.Pool.Release(ids[call.Released], SlotWait.ForLock);
            }

            Assert.Equal(call.Status, status);
        }
    }

    private static void Run(SlotPool pool, Random random, List<Call> calls)
    {
        List<(SlotId Id, Call Call)> held = [];
        for (int i = 0; i < Operations; i++)
        {
            if (held.Count > 0 && random.Next(2) == 0)
            {
                Release(random.Next(held.Count));
                continue;
            }

            SlotRequest request = new()
            {
                Address = 0x1000,
                Length = 4,
                Access = random.Next(3) == 0 ? AccessKind.Execute : AccessKind.Write,
                Flags = random.Next(5) == 0 ? SlotFlags.Flexible : SlotFlags.None,
                Cpu = random.Next(-1, Cpus),
                Task = random.Next(-1, Tasks),
            };
            SlotStatus status = pool.Reserve(request, default, SlotWait.ForLock, out SlotId id, out ulong order);
            Call call = new(order, request, null, status);
            calls.Add(call);
            if (status == SlotStatus.Ok)
            {
                held.Add((id, call));
            }
        }

        while (held.Count > 0)
        {
            Release(held.Count - 1);
        }

        void Release(int index)
        {
            (SlotId id, Call reserved) = held[index];
            held.RemoveAt(index);
            SlotStatus status = pool.Release(id, SlotWait.ForLock, out ulong order);
            calls.Add(new Call(order, default, reserved, status));
        }
    }
}
