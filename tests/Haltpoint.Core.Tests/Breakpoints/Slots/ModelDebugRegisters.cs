using System;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

/// <summary>Core's debug registers of a task, answering in the kernel's words.</summary>
internal sealed class ModelDebugRegisters : IDebugRegisterTask
{
    private readonly TestPool _pool = new(SlotProfile.X86, 2, 1);
    private VirtualDebugRegisters _registers;
    private SlotId[] _held = [];

    public SlotPool Pool => _pool.Pool;

    public ref VirtualDebugRegisters Registers => ref _registers;

    public string Write(int register, ulong value) => _registers.Write(_pool.Pool, 0, register, value, SlotWait.ForLock) switch
    {
        SlotStatus.Ok => "ok",
        SlotStatus.NotFound => "EIO",
        SlotStatus.Exhausted => "ENOSPC",
        SlotStatus.BadAccess or SlotStatus.BadLength or SlotStatus.BadAddress => "EINVAL",
        SlotStatus other => other.ToString(),
    };

    public ulong Read(int register)
    {
        Assert.Equal(SlotStatus.Ok, _registers.Read(_pool.Pool, register, SlotWait.ForLock, out ulong value));
        return value;
    }

    public void Hold(int slots) => _held = _pool.Fill(slots, TestPool.All, 0);

    public void Drop() => Array.ForEach(_held, _pool.Release);

    public void Dispose() => _pool.Dispose();
}
