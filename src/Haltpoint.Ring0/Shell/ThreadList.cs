using System;
using Haltpoint.Ring0.Threads;
using Haltpoint.Ring0.Time;

namespace Haltpoint.Ring0.Shell;

/// <summary>ps</summary>
internal static unsafe class ThreadList
{
    public static void Print()
    {
        Commands.Print($" id name             state      cpu   run ms\r\n");
        for (int i = 0; i < ThreadTable.Capacity; i++)
        {
            KernelThread* thread = ThreadTable.At(i);
            if (thread->State != ThreadState.Free)
            {
                Commands.Print($"{thread->Id,3} {thread->Name,-16} {StateName(thread->State),-9} {thread->Cpu->Index,4} {Clock.ToMicroseconds(thread->RunTime) / 1000,8}\r\n");
            }
        }
    }

    public static ReadOnlySpan<byte> StateName(ThreadState state) => state switch
    {
        ThreadState.Ready => "ready"u8,
        ThreadState.Running => "running"u8,
        ThreadState.Sleeping => "sleeping"u8,
        ThreadState.Waiting => "waiting"u8,
        _ => "free"u8,
    };
}
