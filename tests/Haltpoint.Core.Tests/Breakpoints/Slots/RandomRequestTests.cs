using System;
using System.Collections.Generic;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

/// <summary>H-10: a request is granted exactly when the model says that it fits, and at the end every count is zero.</summary>
public class RandomRequestTests(ITestOutputHelper output)
{
    /// <summary>Data slots, instruction slots (0: mixed), CPUs, CPUs that share registers, tasks, flexible requests in a hundred, operations.</summary>
    public static TheoryData<int, int, int, int, int, int, int> Shapes => new()
    {
        { 4, 0, 2, 1, 3, 0, 400_000 },
        { 4, 0, 4, 1, 5, 0, 150_000 },
        { 4, 0, 3, 1, 4, 25, 300_000 },
        { 1, 0, 4, 1, 4, 20, 100_000 },
        { 2, 0, 70, 1, 4, 10, 20_000 },
        { 6, 0, 2, 1, 3, 10, 100_000 },
        { 2, 4, 3, 1, 3, 10, 100_000 },
        { 16, 6, 2, 1, 3, 10, 50_000 },
        { 4, 0, 4, 2, 4, 0, 50_000 },
        { 4, 0, 6, 2, 3, 20, 50_000 },
        { 3, 2, 4, 4, 5, 20, 20_000 },
        { 1, 0, 8, 4, 3, 0, 20_000 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_request_is_granted_exactly_when_every_bank_can_hold_it(
        int data, int instruction, int cpus, int sharedBy, int tasks, int flexible, int operations)
    {
        int seed = 20260103 + (1000 * data) + (100 * instruction) + (10 * cpus) + sharedBy;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        SlotProfile profile = (instruction == 0 ? TestPool.Mixed(data) : TestPool.Separate(data, instruction)).Shared(sharedBy);
        using TestPool pool = new(profile, cpus, tasks, 400);
        SlotModel model = new(data, instruction == 0 ? data : instruction, cpus, sharedBy);
        List<SlotId> ids = [];
        int granted = 0;
        int refused = 0;

        // Filling and emptying in turns, so that full and empty states are both seen often.
        for (int i = 0; i < operations; i++)
        {
            bool isFilling = i / 40 % 2 == 0;
            if (ids.Count > 0 && (ids.Count > 90 || random.Next(10) < (isFilling ? 2 : 8)))
            {
                int index = random.Next(ids.Count);
                pool.Release(ids[index]);
                ids.RemoveAt(index);
                model.Held.RemoveAt(index);
                continue;
            }

            (SlotRequest request, ulong[] mask, ModelRequest modelled) = Draw(random, pool, cpus, tasks, flexible);
            bool fits = model.Fits(modelled);
            SlotStatus status = pool.Pool.Reserve(request, mask, SlotWait.ForLock, out SlotId id);
            Assert.True(status == (fits ? SlotStatus.Ok : SlotStatus.Exhausted), $"operation {i} of seed {seed}: {status} for {modelled}");
            if (fits)
            {
                granted++;
                ids.Add(id);
                model.Held.Add(modelled);
            }
            else
            {
                refused++;
            }
        }

        output.WriteLine($"{granted} granted, {refused} refused");
        Assert.True(granted > operations / 10 && refused > operations / 100, "both answers must have been seen often");
        ids.ForEach(pool.Release);
        Assert.True(pool.Pool.IsEmpty);
    }

    private static (SlotRequest Request, ulong[] Mask, ModelRequest Modelled) Draw(Random random, TestPool pool, int cpus, int tasks, int flexible)
    {
        AccessKind access = random.Next(3) == 0 ? AccessKind.Execute : AccessKind.Write;
        bool isFlexible = random.Next(100) < flexible;
        int task = random.Next(3) == 0 ? SlotRequest.NoTask : random.Next(tasks);
        int cpu = random.Next(3) == 0 ? SlotRequest.EveryCpu : random.Next(cpus);
        ulong[] mask = [];
        UInt128 bits = cpu >= 0 ? UInt128.One << cpu : UInt128.MaxValue;
        if (task < 0 && random.Next(3) == 0)
        {
            cpu = SlotRequest.CpuMask;
            List<int> members = [random.Next(cpus)];
            for (int i = 0; i < cpus; i++)
            {
                if (random.Next(3) == 0)
                {
                    members.Add(i);
                }
            }

            mask = pool.Mask([.. members]);
            bits = mask.Length == 1 ? mask[0] : new UInt128(mask[1], mask[0]);
        }

        SlotRequest request = pool.Request(cpu, task, access, isFlexible ? SlotFlags.Flexible : SlotFlags.None);
        return (request, mask, new ModelRequest(pool.Pool.Profile.ClassOf(access), bits, task, isFlexible));
    }
}
