using System;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Core.Tests.Rsp;

internal sealed class FakeThread
{
    public FakeThread(ThreadId id, int cpu)
    {
        Id = id;
        Cpu = cpu;
        Registers = new byte[FakeMachine.RegisterCount * 8];
        for (int number = 0; number < FakeMachine.RegisterCount; number++)
        {
            BitConverter.TryWriteBytes(Registers.AsSpan(number * 8), ((ulong)id.Thread << 32) | (uint)number);
        }
    }

    public ThreadId Id { get; }

    /// <summary>Number n holds the thread's number in its upper half and n in its lower half.</summary>
    public byte[] Registers { get; }

    public string Name { get; set; } = "worker";

    public int Cpu { get; set; }

    public bool IsRunning { get; set; }

    public StopEvent? Reported { get; set; }
}
