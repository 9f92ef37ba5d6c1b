using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Threads;
using Haltpoint.Ring0.Time;

namespace Haltpoint.Ring0.Shell;

/// <summary>A thread on each CPU that asks for the time again and again: none may be told one that is before what another was told.</summary>
internal static unsafe class ClockCheck
{
    private const int Readings = 500;

    private static long s_latest;
    private static long s_backwards;
    private static long s_readings;
    private static int s_isRunning;

    /// <summary>Starts them; the next call tells what they saw, and goes on.</summary>
    public static void Run()
    {
        if (Interlocked.Exchange(ref s_isRunning, 1) == 0)
        {
            for (ulong left = CpuTable.Online; left != 0; left &= left - 1)
            {
                ThreadTable.Start("clock check"u8, &Read, 0, 1UL << BitOperations.TrailingZeroCount(left));
            }
        }

        Commands.Print($"{Volatile.Read(ref s_readings)} readings, {Volatile.Read(ref s_backwards)} back in time\r\n");
    }

    [UnmanagedCallersOnly]
    private static void Read(nint argument)
    {
        while (true)
        {
            for (int i = 0; i < Readings; i++)
            {
                long before = Volatile.Read(ref s_latest);
                long now = (long)Clock.Nanoseconds;
                if (now < before)
                {
                    Interlocked.Add(ref s_backwards, 1);
                }

                long seen = before;
                while (now > seen)
                {
                    long latest = Interlocked.CompareExchange(ref s_latest, now, seen);
                    if (latest == seen)
                    {
                        break;
                    }

                    seen = latest;
                }
            }

            Interlocked.Add(ref s_readings, Readings);
            Scheduler.Sleep(20);
        }
    }
}
