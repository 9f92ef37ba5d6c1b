using System;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;

namespace Haltpoint.Ring0.Threads;

/// <summary>A thread of the kernel. What is said of its CPU is guarded by the lock of that CPU's run queue.</summary>
internal unsafe struct KernelThread
{
    private const int NameCapacity = 16;

    /// <summary>From 1; its place in the table.</summary>
    public int Id;

    public ThreadState State;

    /// <summary>Not 0 while a CPU is on its stack, a little longer than it is running: no other CPU may run it before that ends.</summary>
    public int IsOnStack;

    /// <summary>A bit for each CPU that it may run on.</summary>
    public ulong Affinity;

    public Cpu* Cpu;

    /// <summary>Its registers while it is not running, at the top of its stack's used part.</summary>
    public InterruptFrame* Frame;

    public ulong StackTop;

    /// <summary>The tick of its CPU at which it wakes, while <see cref="ThreadState.Sleeping"/>.</summary>
    public long WakeTick;

    /// <summary>How often it got a CPU; goes on when the place in the table has another thread.</summary>
    public long Turns;

    /// <summary>It waits for something that should come soon.</summary>
    public bool WaitsBriefly;

    /// <summary>In whichever list it is: run queue, sleepers, waiters.</summary>
    public KernelThread* Next;

    /// <summary>Time-stamp cycles that it ran for, up to <see cref="RunSince"/>.</summary>
    public ulong RunTime;

    public ulong RunSince;

    /// <summary>Not 0 when it may have breakpoints of its own.</summary>
    public int Breakpoints;

    /// <summary>The program that it runs; null for a thread of the kernel's own.</summary>
    public Tasks.UserTask* Task;

    private fixed byte _name[NameCapacity];

    public ReadOnlySpan<byte> Name
    {
        get
        {
            fixed (byte* name = _name)
            {
                int length = 0;
                while (length < NameCapacity && name[length] != 0)
                {
                    length++;
                }

                return new ReadOnlySpan<byte>(name, length);
            }
        }
    }

    public bool IsIdle
    {
        get
        {
            fixed (KernelThread* self = &this)
            {
                return Cpu->Idle == self;
            }
        }
    }

    /// <summary>What goes beyond the capacity is cut off.</summary>
    public void SetName(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < NameCapacity; i++)
        {
            _name[i] = i < name.Length ? name[i] : (byte)0;
        }
    }
}
