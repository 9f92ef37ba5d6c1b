using System;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Tasks;

namespace Haltpoint.Ring0.SelfTests;

/// <summary>Programs that go in and out of the kernel as fast as they can, while every CPU gets NMIs: those meet each point of the way in and out.</summary>
internal static unsafe class Entries
{
    private const int Programs = 8;
    private const int Expected = 42;

    public static void Run()
    {
        Span<int> ids = stackalloc int[Programs];
        for (int i = 0; i < Programs; i++)
        {
            ids[i] = UserTasks.Start("busy"u8, default);
            Check.That(ids[i] > 0, $"a program starts: {ids[i]}");
        }

        long sent = 0;
        while (AreAnyLeft(ids))
        {
            for (int cpu = 0; cpu < CpuTable.Count; cpu++)
            {
                LocalApic.SendNmi(CpuTable.At(cpu)->ApicId);
                sent++;
            }

            Instructions.Reschedule();
        }

        for (int i = 0; i < Programs; i++)
        {
            Check.Equal(Expected << 8, Waiting.ForEnd(ids[i]), $"status of program {i}");
        }

        Check.That(sent > 0, $"NMIs were sent");
        Check.Case($"{Programs} programs in and out of the kernel under NMIs");
    }

    private static bool AreAnyLeft(ReadOnlySpan<int> ids)
    {
        ulong flags = UserTasks.Changes.Lock.Enter();
        bool isAny = false;
        foreach (int id in ids)
        {
            isAny |= UserTasks.Find(id)->State != UserTaskState.Ended;
        }

        UserTasks.Changes.Lock.Exit(flags);
        return isAny;
    }
}
