using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Tasks;
using Haltpoint.Ring0.Time;
using Haltpoint.Ring0.Watchdogs;

namespace Haltpoint.Ring0.Threads;

/// <summary>Which thread runs on which CPU. A switch is the return from an interrupt into another thread's frame, and nothing else.</summary>
internal static unsafe class Scheduler
{
    private const int TicksPerSlice = 2;

    /// <summary>Called with interrupts off by the interrupt that <see cref="Instructions.Reschedule"/> or another CPU makes.</summary>
    /// <returns>The frame to go on with.</returns>
    public static InterruptFrame* Switch(Cpu* cpu, InterruptFrame* frame)
    {
        KernelThread* previous = cpu->Current;
        previous->Frame = frame;
        ulong flags = cpu->Queue.Lock.Enter();
        bool moves = previous->State == ThreadState.Running && previous->Cpu != cpu;
        if (previous->State == ThreadState.Running && !moves)
        {
            if (previous == cpu->Idle)
            {
                previous->State = ThreadState.Ready;
            }
            else
            {
                cpu->Queue.Add(previous);
            }
        }

        KernelThread* next = cpu->Queue.Take(cpu->Index, previous);
        cpu->Queue.Lock.Exit(flags);
        if (moves)
        {
            MakeReady(previous); // there it is left alone until it is off this stack
        }

        if (next == null)
        {
            next = TakeFromOthers(cpu);
        }

        if (next == null)
        {
            next = cpu->Idle;
        }

        next->State = ThreadState.Running;
        if (next == previous)
        {
            return frame;
        }

        ulong now = Instructions.Timestamp();
        previous->RunTime += now - previous->RunSince;
        next->RunSince = now;
        next->IsOnStack = 1;
        cpu->Current = next;

        // Locked: whoever gives the thread a breakpoint counts it first, and then looks who runs where.
        Interlocked.Add(ref cpu->Switches, 1);
        UserTasks.Switch(cpu);
        CpuBanks.Switch(cpu);
        next->Turns++;

        // Entries.S clears it when it is on the next thread's stack.
        cpu->LeftStack = &previous->IsOnStack;
        return next->Frame;
    }

    /// <summary>As <see cref="Switch"/>, unless the thread that runs must keep the CPU.</summary>
    public static InterruptFrame* Preempt(Cpu* cpu, InterruptFrame* frame) => cpu->PreemptionOff == 0 ? Switch(cpu, frame) : frame;

    public static InterruptFrame* Tick(Cpu* cpu, InterruptFrame* frame)
    {
        cpu->Ticks++;
        CpuBanks.Tick(cpu);
        if (cpu->PreemptionOff == 0)
        {
            LockupWatch.Run(cpu);
        }

        ulong flags = cpu->Queue.Lock.Enter();
        cpu->Queue.WakeSleepers(cpu->Ticks);
        bool isIdle = cpu->Current == cpu->Idle;
        int waiting = cpu->Queue.Length;
        cpu->Queue.Lock.Exit(flags);
        if (waiting > (isIdle ? 1 : 0))
        {
            WakeIdle(cpu);
        }

        return isIdle || (waiting > 0 && cpu->Ticks % TicksPerSlice == 0) ? Preempt(cpu, frame) : frame;
    }

    /// <summary>The calling thread runs on after this time at the earliest.</summary>
    public static void Sleep(int milliseconds)
    {
        ulong flags = Instructions.DisableInterrupts();
        Cpu* cpu = Instructions.Current();
        KernelThread* thread = cpu->Current;
        ulong locked = cpu->Queue.Lock.Enter();
        thread->State = ThreadState.Sleeping;
        thread->WakeTick = cpu->Ticks + 1 + ((long)milliseconds * Clock.TicksPerSecond / 1000);
        cpu->Queue.AddSleeper(thread);
        cpu->Queue.Lock.Exit(locked);
        Instructions.Reschedule();
        Instructions.RestoreInterrupts(flags);
    }

    /// <summary>The calling thread goes on on a CPU of the mask, and from now on on no other. One of them must be online.</summary>
    public static void MoveTo(ulong affinity)
    {
        ulong flags = Instructions.DisableInterrupts();
        Cpu* cpu = Instructions.Current();
        KernelThread* thread = cpu->Current;
        ulong locked = cpu->Queue.Lock.Enter();
        thread->Affinity = affinity;
        if ((affinity >> cpu->Index & 1) == 0)
        {
            thread->Cpu = LeastBusy(affinity & CpuTable.Online);
        }

        cpu->Queue.Lock.Exit(locked);
        Instructions.Reschedule();
        Instructions.RestoreInterrupts(flags);
    }

    /// <summary>Puts a thread that is in no list into the queue of its CPU.</summary>
    public static void MakeReady(KernelThread* thread)
    {
        Cpu* cpu = thread->Cpu;
        ulong flags = cpu->Queue.Lock.Enter();
        cpu->Queue.Add(thread);
        bool isIdle = cpu->Current == cpu->Idle;
        cpu->Queue.Lock.Exit(flags);
        if (isIdle && cpu != Instructions.Current())
        {
            LocalApic.Send(cpu->ApicId, Vectors.Wakeup);
        }
    }

    /// <summary>The CPU of the mask with the fewest threads that want to run.</summary>
    public static Cpu* LeastBusy(ulong mask)
    {
        Cpu* best = null;
        int least = int.MaxValue;
        for (ulong left = mask; left != 0; left &= left - 1)
        {
            Cpu* cpu = CpuTable.At(BitOperations.TrailingZeroCount(left));
            int busy = cpu->Queue.Length + (cpu->Current == cpu->Idle ? 0 : 1);
            if (busy < least)
            {
                least = busy;
                best = cpu;
            }
        }

        return best;
    }

    /// <summary>More threads than this CPU can run at once: one that has none comes and takes one.</summary>
    private static void WakeIdle(Cpu* self)
    {
        for (ulong left = CpuTable.Online; left != 0; left &= left - 1)
        {
            Cpu* cpu = CpuTable.At(BitOperations.TrailingZeroCount(left));
            if (cpu != self && cpu->Current == cpu->Idle)
            {
                LocalApic.Send(cpu->ApicId, Vectors.Wakeup);
                return;
            }
        }
    }

    /// <summary>An idle CPU helps itself to what waits elsewhere.</summary>
    private static KernelThread* TakeFromOthers(Cpu* cpu)
    {
        for (int offset = 1; offset < CpuTable.Count; offset++)
        {
            Cpu* other = CpuTable.At((cpu->Index + offset) % CpuTable.Count);
            if (other->Queue.Length == 0)
            {
                continue;
            }

            ulong flags = other->Queue.Lock.Enter();
            KernelThread* thread = other->Queue.Take(cpu->Index, null);
            if (thread != null)
            {
                thread->Cpu = cpu;
                thread->State = ThreadState.Running;
            }

            other->Queue.Lock.Exit(flags);
            if (thread != null)
            {
                return thread;
            }
        }

        return null;
    }

    /// <summary>A thread's entry has returned: ThreadEntry.S.</summary>
    [UnmanagedCallersOnly(EntryPoint = "thread_end")]
    private static void End() => EndCurrent();

    /// <summary>Does not return.</summary>
    public static void EndCurrent()
    {
        Instructions.DisableInterrupts();
        KernelThread* thread = Instructions.Current()->Current;
        BreakpointTable.EndThread(thread);
        thread->State = ThreadState.Free;
        Instructions.Reschedule();
    }
}
