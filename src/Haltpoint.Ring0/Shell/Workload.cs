using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Shell;

/// <summary>Threads with something to do, for a debugger to stop: each counts, now and then adds what it did to a sum that all share, and sleeps.</summary>
internal static unsafe class Workload
{
    private const int RoundsPerSleep = 640;
    private const int StepsPerRound = 500;

    private static SpinLock s_lock;
    private static long s_shared;
    private static int s_running;
    private static int s_isWanted;

    public static int Running => Volatile.Read(ref s_running);

    /// <returns>How many were started: the table of threads may be full.</returns>
    public static int Start(int count)
    {
        Volatile.Write(ref s_isWanted, 1);
        int started = 0;
        while (started < count && ThreadTable.Start("load"u8, &Run, started) != null)
        {
            Interlocked.Increment(ref s_running);
            started++;
        }

        return started;
    }

    /// <summary>Asks all of them to end and waits until they have.</summary>
    public static void Stop()
    {
        Volatile.Write(ref s_isWanted, 0);
        while (Running > 0)
        {
            Scheduler.Sleep(10);
        }

        Commands.Print($"no load, {s_shared} steps done\r\n");
    }

    [UnmanagedCallersOnly]
    private static void Run(nint number)
    {
        for (int round = 1; Volatile.Read(ref s_isWanted) != 0; round++)
        {
            AddToShared(Work(round + (int)number));
            if (round % RoundsPerSleep == 0)
            {
                Scheduler.Sleep(10);
            }
        }

        Interlocked.Decrement(ref s_running);
    }

    /// <summary>In integers and in floating point side by side: they differ only if an interrupt lost a register.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Work(int seed)
    {
        long sum = 0;
        double exact = 0;
        for (int i = 0; i < StepsPerRound; i++)
        {
            sum += seed + i;
            exact += seed + i;
        }

        if (sum != (long)exact)
        {
            Panic.Now("a thread's registers were damaged"u8);
        }

        return StepsPerRound;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddToShared(int steps)
    {
        ulong flags = s_lock.Enter();
        s_shared += steps;
        s_lock.Exit(flags);
    }
}
