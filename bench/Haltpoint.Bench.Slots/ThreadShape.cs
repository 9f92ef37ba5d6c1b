using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;

namespace Haltpoint.Bench.Slots;

/// <summary>
/// The shape of <c>perf bench breakpoint thread</c> (I-1): workers take batches from one countdown; in each, threads are born that inherit
/// breakpoints, and all end. An operation is a thread.
/// </summary>
/// <remarks>Core's part of it is the reservations and releases alone; the kernel's is what perf measures with breakpoints less what it measures without.</remarks>
internal sealed unsafe partial class ThreadShape(int cpus)
{
    private const int Breakpoints = 4;
    private const int Threads = 64;
    private const int Rounds = 9;
    private const int CoreBatches = 2_000;
    private const int KernelBatches = 60;

    public void Print()
    {
        int workers = cpus;
        double core = Median(() => ByCore(workers));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"perf bench breakpoint's shape, {Breakpoints} breakpoints, {workers} workers, {Threads} threads a batch: Haltpoint {core:F2} us of CPU for each thread"));
        if (ByKernel(workers, 0) is null)
        {
            Console.WriteLine("perf bench did not run here");
            return;
        }

        double without = Median(() => ByKernel(workers, 0)!.Value);
        double with = Median(() => ByKernel(workers, Breakpoints)!.Value);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"the kernel: {with:F2} us of CPU for each thread with them, {without:F2} without: {with - without:F2} us for {Breakpoints} events, their slots included"));
    }

    private static double Median(Func<double> measure) => Enumerable.Range(0, Rounds).Select(_ => measure()).Order().ElementAt(Rounds / 2);

    // CPU time and not the clock: what is compared are hundreds of new threads with a loop that needs none.
    private static double ByCore(int workers)
    {
        int tasks = workers * Threads;
        void* memory = NativeMemory.AllocZeroed((nuint)SlotPool.BytesFor(SlotProfile.X86, workers, tasks, tasks * Breakpoints));
        SlotPool pool = new(memory, SlotProfile.X86, workers, tasks, tasks * Breakpoints);
        int left = CoreBatches;
        using Barrier start = new(workers + 1);
        Thread[] all = [.. Enumerable.Range(0, workers).Select(worker => new Thread(() =>
        {
            SlotId[] held = new SlotId[Threads * Breakpoints];
            start.SignalAndWait();
            while (Interlocked.Decrement(ref left) >= 0)
            {
                Batch(pool, worker * Threads, held);
            }
        }))];
        Array.ForEach(all, t => t.Start());
        start.SignalAndWait();
        TimeSpan begin = Environment.CpuUsage.TotalTime;
        Array.ForEach(all, t => t.Join());
        TimeSpan used = Environment.CpuUsage.TotalTime - begin;
        NativeMemory.Free(memory);
        return used.TotalMicroseconds / CoreBatches / Threads;
    }

    private static void Batch(SlotPool pool, int firstTask, SlotId[] held)
    {
        for (int i = 0; i < held.Length; i++)
        {
            SlotRequest request = new()
            {
                Address = 0x1000,
                Length = 1,
                Access = AccessKind.ReadWrite,
                Cpu = SlotRequest.EveryCpu,
                Task = firstTask + (i / Breakpoints),
            };
            if (pool.Reserve(request, default, SlotWait.ForLock, out held[i]) != SlotStatus.Ok)
            {
                throw new InvalidOperationException("a thread of its own has no slot");
            }
        }

        Array.ForEach(held, id => pool.Release(id, SlotWait.ForLock));
    }

    private static double? ByKernel(int workers, int breakpoints)
    {
        try
        {
            ProcessStartInfo start = new("perf", string.Create(
                CultureInfo.InvariantCulture, $"bench -f simple -r {KernelBatches} breakpoint thread -b {breakpoints} -p {workers} -t {Threads}"))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            long before = ChildrenMicroseconds();
            using Process perf = Process.Start(start)!;
            perf.StandardOutput.ReadToEnd();
            perf.WaitForExit();
            return perf.ExitCode == 0 ? (double)(ChildrenMicroseconds() - before) / KernelBatches / Threads : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // Not installed.
        }
    }

    // CPU time of the children that ended: struct rusage begins with user and system time, in seconds and microseconds (getrusage(2)).
    private static long ChildrenMicroseconds()
    {
        const int Children = -1;
        long* usage = stackalloc long[18];
        _ = GetUsage(Children, usage);
        return ((usage[0] + usage[2]) * 1_000_000) + usage[1] + usage[3];
    }

    [LibraryImport("libc.so.6", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, long* usage);
}
