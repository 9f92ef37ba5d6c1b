using System;
using System.Runtime.InteropServices;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

/// <summary>A pool over memory of its own, and short words for requests.</summary>
internal sealed unsafe class TestPool : IDisposable
{
    public const int All = SlotRequest.EveryCpu;
    public const int None = SlotRequest.NoTask;

    private readonly void* _memory;
    private ulong _nextAddress = 0x1000;

    public TestPool(in SlotProfile profile, int cpus, int tasks, int requests = 256)
    {
        Bytes = SlotPool.BytesFor(profile, cpus, tasks, requests);
        _memory = NativeMemory.AllocZeroed((nuint)Bytes);
        Pool = new SlotPool(_memory, profile, cpus, tasks, requests);
    }

    public SlotPool Pool { get; }

    public long Bytes { get; }

    public Span<int> Memory => new(_memory, (int)(Bytes / sizeof(int)));

    public ref int Lock => ref *(int*)_memory;

    public static SlotProfile Mixed(int slots)
    {
        SlotProfile profile = SlotProfile.X86;
        profile.DataSlots = slots;
        profile.InstructionSlots = slots;
        return profile;
    }

    public static SlotProfile Separate(int data, int instruction) => SlotProfile.BookE(instruction, data);

    public SlotRequest Request(int cpu, int task, AccessKind access = AccessKind.Write, SlotFlags flags = SlotFlags.None) => new()
    {
        Address = _nextAddress += 8,
        Length = access == AccessKind.Execute ? (Pool.Profile.IsMixed ? 8ul : 4) : 1,
        Access = access,
        Flags = flags,
        Cpu = cpu,
        Task = task,
    };

    public SlotStatus TryReserve(out SlotId id, int cpu, int task, AccessKind access = AccessKind.Write, SlotFlags flags = SlotFlags.None) =>
        Pool.Reserve(Request(cpu, task, access, flags), default, SlotWait.ForLock, out id);

    public SlotId Reserve(int cpu, int task, AccessKind access = AccessKind.Write, SlotFlags flags = SlotFlags.None)
    {
        Assert.Equal(SlotStatus.Ok, TryReserve(out SlotId id, cpu, task, access, flags));
        return id;
    }

    public SlotId[] Fill(int count, int cpu, int task, AccessKind access = AccessKind.Write)
    {
        SlotId[] ids = new SlotId[count];
        for (int i = 0; i < count; i++)
        {
            ids[i] = Reserve(cpu, task, access);
        }

        return ids;
    }

    public void ExpectNoSpace(int cpu, int task, AccessKind access = AccessKind.Write, SlotFlags flags = SlotFlags.None)
    {
        Assert.Equal(SlotStatus.Exhausted, TryReserve(out SlotId id, cpu, task, access, flags));
        Assert.True(id.IsNone);
    }

    public SlotId ReserveOn(params int[] cpus)
    {
        Assert.Equal(SlotStatus.Ok, TryReserveOn(out SlotId id, cpus));
        return id;
    }

    public SlotStatus TryReserveOn(out SlotId id, params int[] cpus) =>
        Pool.Reserve(Request(SlotRequest.CpuMask, None), Mask(cpus), SlotWait.ForLock, out id);

    public ulong[] Mask(params int[] cpus)
    {
        ulong[] mask = new ulong[Pool.MaskWords];
        foreach (int cpu in cpus)
        {
            mask[cpu / 64] |= 1ul << (cpu % 64);
        }

        return mask;
    }

    public void Release(SlotId id) => Assert.Equal(SlotStatus.Ok, Pool.Release(id, SlotWait.ForLock));

    public int Free(int cpu, int task, AccessKind access = AccessKind.Write)
    {
        SlotRequest like = new() { Access = access, Cpu = cpu, Task = task };
        Assert.Equal(SlotStatus.Ok, Pool.CountFree(like, default, SlotWait.ForLock, out int free));
        return free;
    }

    /// <summary>The ids in the registers of one class, in order of the registers.</summary>
    public SlotId[] Registers(int cpu, uint turn, SlotClass slots, params int[] running)
    {
        SlotPlacement[] placed = new SlotPlacement[2 * SlotProfile.MaxSlots];
        Assert.Equal(SlotStatus.Ok, Pool.Layout(cpu, running, turn, SlotWait.ForLock, placed, out int count));
        SlotId[] registers = new SlotId[Pool.Profile.SlotsOf(slots)];
        Array.Fill(registers, SlotId.None);
        foreach (SlotPlacement placement in placed.AsSpan(0, count))
        {
            if (placement.Class == slots)
            {
                Assert.True(registers[placement.Register].IsNone, "two requests in one register");
                registers[placement.Register] = placement.Id;
            }
        }

        return registers;
    }

    public void Dispose() => NativeMemory.Free(_memory);
}
