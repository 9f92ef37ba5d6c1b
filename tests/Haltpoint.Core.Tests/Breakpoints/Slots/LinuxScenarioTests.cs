using System.Collections.Generic;
using Haltpoint.Breakpoints.Slots;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

/// <summary>The nine scenarios that Linux tests its own accounting with (H-1 to H-9), for several numbers of slots.</summary>
public class LinuxScenarioTests
{
    private const int All = TestPool.All;
    private const int None = TestPool.None;
    private const int Current = 0;
    private const int Other = 1;
    private const int Cpus = 4;

    public static TheoryData<int> AnySlots => [1, 2, 3, 4, 6];

    public static TheoryData<int> ThreeSlotsOrMore => [3, 4, 6];

    [Theory] // H-1
    [MemberData(nameof(AnySlots))]
    public void One_cpu(int slots)
    {
        using TestPool pool = New(slots);
        SlotId[] ids = pool.Fill(slots, 0, None);
        pool.ExpectNoSpace(All, Current);
        pool.ExpectNoSpace(0, None);
        End(pool, ids);
    }

    [Theory] // H-2
    [MemberData(nameof(AnySlots))]
    public void Many_cpus(int slots)
    {
        using TestPool pool = New(slots);
        List<SlotId> ids = [];
        for (int cpu = 0; cpu < Cpus; cpu++)
        {
            ids.AddRange(pool.Fill(slots, cpu, None));
            pool.ExpectNoSpace(cpu, None);
        }

        End(pool, ids);
    }

    [Theory] // H-3
    [MemberData(nameof(AnySlots))]
    public void One_task_on_all_cpus(int slots)
    {
        using TestPool pool = New(slots);
        SlotId[] ids = pool.Fill(slots, All, Current);
        pool.ExpectNoSpace(All, Current);
        pool.ExpectNoSpace(0, Current);
        pool.ExpectNoSpace(0, None);
        pool.Release(ids[0]);
        ids[0] = pool.Reserve(0, None);
        End(pool, ids);
    }

    [Theory] // H-4
    [MemberData(nameof(AnySlots))]
    public void Two_tasks_on_all_cpus(int slots)
    {
        using TestPool pool = New(slots);
        SlotId[] current = pool.Fill(slots, All, Current);
        SlotId[] other = pool.Fill(slots, All, Other);
        ExpectFullForBoth(pool);
        pool.Release(current[0]);
        pool.ExpectNoSpace(0, None);
        End(pool, [.. current[1..], .. other]);
    }

    [Theory] // H-5
    [MemberData(nameof(AnySlots))]
    public void One_task_on_one_cpu(int slots)
    {
        using TestPool pool = New(slots);
        SlotId[] ids = pool.Fill(slots, 0, Current);
        pool.ExpectNoSpace(All, Current);
        pool.ExpectNoSpace(0, Current);
        pool.ExpectNoSpace(0, None);
        pool.Release(ids[0]);
        ids[0] = pool.Reserve(0, None);
        End(pool, ids);
    }

    [Theory] // H-6
    [MemberData(nameof(ThreeSlotsOrMore))]
    public void One_task_mixed(int slots)
    {
        using TestPool pool = New(slots);
        SlotId onCpu = pool.Reserve(0, Current);
        SlotId[] ids = pool.Fill(slots - 1, All, Current);
        pool.ExpectNoSpace(All, Current);
        pool.ExpectNoSpace(0, Current);
        pool.ExpectNoSpace(0, None);
        pool.Release(onCpu);
        pool.Release(ids[0]);
        SlotId[] pinned = pool.Fill(2, 0, None);
        pool.ExpectNoSpace(0, None);
        End(pool, [.. ids[1..], .. pinned]);
    }

    [Theory] // H-7
    [MemberData(nameof(AnySlots))]
    public void Two_tasks_on_one_cpu(int slots)
    {
        using TestPool pool = New(slots);
        SlotId[] current = pool.Fill(slots, 0, Current);
        SlotId[] other = pool.Fill(slots, 0, Other);
        ExpectFullForBoth(pool);
        SlotId[] next = pool.Fill(slots, 1, None);
        End(pool, [.. current, .. other, .. next]);
    }

    [Theory] // H-8
    [MemberData(nameof(AnySlots))]
    public void Two_tasks_on_one_and_on_all_cpus(int slots)
    {
        using TestPool pool = New(slots);
        SlotId[] current = pool.Fill(slots, 0, Current);
        SlotId[] other = pool.Fill(slots, All, Other);
        ExpectFullForBoth(pool);
        pool.ExpectNoSpace(1, None);
        End(pool, [.. current, .. other]);
    }

    [Theory] // H-9
    [MemberData(nameof(ThreeSlotsOrMore))]
    public void One_task_on_all_and_on_one_cpu(int slots)
    {
        using TestPool pool = New(slots);
        List<SlotId> ids = [.. pool.Fill(slots - 2, All, Current)];
        SlotId onCpu = pool.Reserve(0, Current);
        ids.Add(pool.Reserve(All, Current));
        pool.ExpectNoSpace(All, Current);
        pool.ExpectNoSpace(0, Current);
        pool.ExpectNoSpace(0, None);
        SlotId onNext = pool.Reserve(1, None);
        pool.ExpectNoSpace(1, None);

        pool.Release(onCpu);
        pool.ExpectNoSpace(All, Current); // CPU 1 is full
        pool.Release(onNext);
        ids.Add(pool.Reserve(All, Current));
        pool.ExpectNoSpace(All, Current);
        pool.ExpectNoSpace(0, Current);
        pool.ExpectNoSpace(0, None);
        pool.ExpectNoSpace(1, None);
        End(pool, ids);
    }

    private static TestPool New(int slots)
    {
        TestPool pool = new(TestPool.Mixed(slots), Cpus, 2);
        Assert.True(pool.Pool.IsEmpty);
        return pool;
    }

    private static void ExpectFullForBoth(TestPool pool)
    {
        pool.ExpectNoSpace(All, Current);
        pool.ExpectNoSpace(All, Other);
        pool.ExpectNoSpace(0, Current);
        pool.ExpectNoSpace(0, Other);
        pool.ExpectNoSpace(0, None);
    }

    private static void End(TestPool pool, IEnumerable<SlotId> ids)
    {
        foreach (SlotId id in ids)
        {
            pool.Release(id);
        }

        Assert.True(pool.Pool.IsEmpty);
    }
}
