using System;
using System.Runtime.CompilerServices;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.Benchmarks;

/// <summary>A slot reserved for a task and given back, while each of many tasks holds one: in pools of their own, for the kernel has no such number of threads.</summary>
internal static unsafe class SlotBench
{
    private const int Rounds = 11;
    private const int Operations = 1_000;
    private const int Sizes = 6;

    private static Pools s_pools;

    public static void Run()
    {
        for (int size = 0; size < Sizes; size++)
        {
            if (s_pools[size].Cpus == 0)
            {
                s_pools[size] = Fill(TasksOf(size));
            }
        }

        for (int round = 0; round < Rounds; round++)
        {
            for (int size = 0; size < Sizes; size++)
            {
                int tasks = TasksOf(size);
                SlotPool pool = s_pools[size];
                ulong start = Instructions.Timestamp();
                for (int i = 0; i < Operations; i++)
                {
                    pool.Release(Reserve(pool, i % tasks), SlotWait.ForLock);
                }

                Figures.Print($"slots-{tasks}", Instructions.Timestamp() - start, Operations);
            }
        }
    }

    private static int TasksOf(int size)
    {
        int tasks = 1;
        for (int i = 0; i < size; i++)
        {
            tasks *= 10;
        }

        return tasks;
    }

    private static SlotPool Fill(int tasks)
    {
        SlotProfile profile = SlotProfile.X86;
        byte* memory = KernelArea.Allocate((ulong)SlotPool.BytesFor(profile, CpuTable.Count, tasks, tasks + 1));
        SlotPool pool = new(memory, profile, CpuTable.Count, tasks, tasks + 1);
        for (int task = 0; task < tasks; task++)
        {
            Reserve(pool, task);
        }

        return pool;
    }

    private static SlotId Reserve(in SlotPool pool, int task)
    {
        SlotRequest request = new() { Address = 0x1000, Length = 8, Access = AccessKind.Write, Cpu = SlotRequest.EveryCpu, Task = task };
        pool.Reserve(request, default, SlotWait.ForLock, out SlotId id);
        return id;
    }

    [InlineArray(Sizes)]
    private struct Pools
    {
        private SlotPool _first;
    }
}
