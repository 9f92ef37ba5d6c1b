using System;
using System.Runtime.InteropServices;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;

namespace Haltpoint.Bench.Slots;

/// <summary>Core's slot pool.</summary>
internal sealed unsafe class PoolReservations : IReservations
{
    private readonly void* _memory;
    private readonly SlotPool _pool;

    public PoolReservations(int cpus, int tasks)
    {
        int requests = tasks + 1;
        _memory = NativeMemory.AllocZeroed((nuint)SlotPool.BytesFor(SlotProfile.X86, cpus, tasks, requests));
        _pool = new SlotPool(_memory, SlotProfile.X86, cpus, tasks, requests);
        for (int task = 0; task < tasks; task++)
        {
            Reserve(task);
        }
    }

    public void ReserveAndRelease(int task) => _pool.Release(Reserve(task), SlotWait.ForLock);

    public void Dispose() => NativeMemory.Free(_memory);

    private SlotId Reserve(int task)
    {
        SlotRequest request = new() { Address = 0x1000, Length = 8, Access = AccessKind.Write, Cpu = SlotRequest.EveryCpu, Task = task };
        SlotStatus status = _pool.Reserve(request, default, SlotWait.ForLock, out SlotId id);
        return status == SlotStatus.Ok ? id : throw new InvalidOperationException(status.ToString());
    }
}
