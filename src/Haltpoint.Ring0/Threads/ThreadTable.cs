using System;
using System.Runtime.CompilerServices;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.Threads;

/// <summary>All threads. A place is used again after its thread has ended, with its stack.</summary>
internal static unsafe class ThreadTable
{
    public const int Capacity = 256;

    private const ulong InterruptsOn = 0x202;

    private static Storage s_threads;
    private static SpinLock s_lock;

    public static KernelThread* At(int index)
    {
        fixed (KernelThread* threads = (Span<KernelThread>)s_threads)
        {
            return threads + index;
        }
    }

    /// <summary>Makes the code that runs on a CPU, on the stack it is on, a thread: what it does when it has nothing to do.</summary>
    public static void AdoptIdle(Cpu* cpu, ulong stackTop)
    {
        KernelThread* thread = Claim();
        thread->SetName("idle"u8);
        thread->Affinity = 1UL << cpu->Index;
        thread->Cpu = cpu;
        thread->StackTop = stackTop;
        thread->IsOnStack = 1;
        thread->RunSince = Instructions.Timestamp();
        thread->State = ThreadState.Running;
        cpu->Idle = thread;
        cpu->Current = thread;
    }

    /// <summary>Starts a thread on the least busy CPU of <paramref name="affinity"/>.</summary>
    /// <param name="entry">Where it begins; when that returns, the thread ends.</param>
    /// <returns>Null when the table is full, or no CPU of the mask is online.</returns>
    public static KernelThread* Start(ReadOnlySpan<byte> name, delegate* unmanaged<nint, void> entry, nint argument, ulong affinity = ulong.MaxValue)
    {
        KernelThread* thread = Create(name, entry, argument, affinity);
        if (thread != null)
        {
            Scheduler.MakeReady(thread);
        }

        return thread;
    }

    /// <summary>As <see cref="Start"/>, but the thread waits for <see cref="Scheduler.MakeReady"/>.</summary>
    public static KernelThread* Create(ReadOnlySpan<byte> name, delegate* unmanaged<nint, void> entry, nint argument, ulong affinity = ulong.MaxValue)
    {
        KernelThread* thread = Prepare(name, affinity);
        if (thread == null)
        {
            return null;
        }

        // Found as if it had been interrupted before its first instruction. A call would have pushed the address to return to.
        ulong stack = thread->StackTop - sizeof(ulong);
        *(ulong*)stack = 0;
        InterruptFrame* frame = (InterruptFrame*)(thread->StackTop - 16) - 1;
        new Span<byte>(InterruptFrame.FxState(frame), InterruptFrame.FxSaveSize + sizeof(InterruptFrame)).Clear();
        FloatingPoint.Initialise(InterruptFrame.FxState(frame));
        frame->Rip = ThreadEntry.Address();
        frame->Rdi = (ulong)entry;
        frame->Rsi = (ulong)argument;
        frame->Cs = Descriptors.CodeSelector;
        frame->Ss = Descriptors.DataSelector;
        frame->Rflags = InterruptsOn;
        frame->Rsp = stack;
        thread->Frame = frame;
        return thread;
    }

    /// <summary>A thread that goes on in user mode, and waits for <see cref="Scheduler.MakeReady"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="first">Its registers, the state of the arithmetic right below them as always.</param>
    public static KernelThread* CreateUser(ReadOnlySpan<byte> name, InterruptFrame* first)
    {
        KernelThread* thread = Prepare(name, ulong.MaxValue);
        if (thread != null)
        {
            // Where an interrupt from user mode would have put them.
            thread->Frame = (InterruptFrame*)thread->StackTop - 1;
            int length = InterruptFrame.FxSaveSize + sizeof(InterruptFrame);
            new ReadOnlySpan<byte>(InterruptFrame.FxState(first), length).CopyTo(new Span<byte>(InterruptFrame.FxState(thread->Frame), length));
        }

        return thread;
    }

    private static KernelThread* Prepare(ReadOnlySpan<byte> name, ulong affinity)
    {
        Cpu* cpu = Scheduler.LeastBusy(affinity & CpuTable.Online);
        KernelThread* thread = cpu == null ? null : Claim();
        if (thread == null)
        {
            return null;
        }

        if (thread->StackTop == 0)
        {
            thread->StackTop = StackArea.Allocate();
        }

        thread->SetName(name);
        thread->Affinity = affinity;
        thread->Cpu = cpu;
        thread->RunTime = 0;
        thread->Task = null;
        return thread;
    }

    private static KernelThread* Claim()
    {
        ulong flags = s_lock.Enter();
        KernelThread* found = null;
        for (int i = 0; i < Capacity && found == null; i++)
        {
            KernelThread* thread = At(i);
            if (thread->State == ThreadState.Free && System.Threading.Volatile.Read(ref thread->IsOnStack) == 0)
            {
                thread->Id = i + 1;
                thread->State = ThreadState.Waiting;
                found = thread;
            }
        }

        s_lock.Exit(flags);
        return found;
    }

    [InlineArray(Capacity)]
    private struct Storage
    {
        private KernelThread _first;
    }
}
