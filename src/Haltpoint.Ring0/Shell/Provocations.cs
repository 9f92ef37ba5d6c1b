using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Logging;
using Haltpoint.Ring0.Threads;
using Haltpoint.Ring0.Time;

namespace Haltpoint.Ring0.Shell;

/// <summary>Faults for the watchdogs to find, and sleepers for a stop to disturb.</summary>
internal static unsafe class Provocations
{
    private const int PausesPerLook = 1000;

    private static Mutex s_mutex;
    private static long s_spin;
    private static int s_hold;
    private static int s_isHeld;
    private static int s_step;
    private static int s_woken;

    /// <summary>Keeps the last CPU busy, with preemption or else with interrupts off.</summary>
    public static bool Spin(bool isPreemption, long milliseconds)
    {
        Volatile.Write(ref s_spin, milliseconds);
        return ThreadTable.Start("spin"u8, isPreemption ? &SpinWithoutPreemption : &SpinWithoutInterrupts, 0, 1UL << (CpuTable.Count - 1)) != null;
    }

    /// <summary>One thread takes a lock and sleeps so long; another waits for it.</summary>
    public static bool Hang(int milliseconds)
    {
        Volatile.Write(ref s_hold, milliseconds);
        Volatile.Write(ref s_isHeld, 0);
        if (ThreadTable.Start("holder"u8, &Hold, 0) == null)
        {
            return false;
        }

        // Or the other, on another CPU, might have it first.
        while (Volatile.Read(ref s_isHeld) == 0)
        {
            Scheduler.Sleep(1);
        }

        return ThreadTable.Start("waiter"u8, &Wait, 0) != null;
    }

    /// <summary>Threads that sleep for one, two, three times so long, and say when they wake.</summary>
    public static bool Sleep(int count, int milliseconds)
    {
        Volatile.Write(ref s_step, milliseconds);
        Volatile.Write(ref s_woken, 0);

        // The last one first, so that the order of waking is not that of starting.
        for (int number = count; number > 0; number--)
        {
            if (ThreadTable.Start("sleeper"u8, &SleepOnce, number) == null)
            {
                return false;
            }
        }

        return true;
    }

    [UnmanagedCallersOnly]
    private static void SpinWithoutPreemption(nint argument)
    {
        Cpu* cpu = Instructions.Current();
        cpu->PreemptionOff++;
        Spin();
        cpu->PreemptionOff--;
    }

    [UnmanagedCallersOnly]
    private static void SpinWithoutInterrupts(nint argument)
    {
        ulong flags = Instructions.DisableInterrupts();
        Spin();
        Instructions.RestoreInterrupts(flags);
    }

    private static void Spin()
    {
        ulong end = Clock.Nanoseconds + ((ulong)Volatile.Read(ref s_spin) * 1_000_000);
        while (Clock.Nanoseconds < end)
        {
            // Nearly all the time is spent here, where a backtrace is whole: there is none from the last instructions of a function.
            for (int i = 0; i < PausesPerLook; i++)
            {
                Instructions.Pause();
            }
        }
    }

    [UnmanagedCallersOnly]
    private static void Hold(nint argument)
    {
        s_mutex.Enter();
        Volatile.Write(ref s_isHeld, 1);
        Scheduler.Sleep(Volatile.Read(ref s_hold));
        s_mutex.Exit();
    }

    [UnmanagedCallersOnly]
    private static void Wait(nint argument)
    {
        Scheduler.Sleep(20); // the holder is first
        s_mutex.Enter();
        s_mutex.Exit();
        Log.Write($"the lock is free again");
    }

    [UnmanagedCallersOnly]
    private static void SleepOnce(nint number)
    {
        Scheduler.Sleep((int)number * Volatile.Read(ref s_step));
        Log.Write($"sleeper {(int)number} is number {Interlocked.Increment(ref s_woken)} to wake");
    }
}
