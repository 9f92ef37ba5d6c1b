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
internal sealed unsafe class ThreadShape(int cpus)
{
    private const int Breakpoints = 4;
    private const int Threads = 64;
    private const int Rounds = 9;
    private const int CoreBatches = 2_000;
    private const int KernelBatches = 30;

    public void Print()
    {
        int workers = cpus;
        double core = Median(() => ByCore(workers));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"perf bench breakpoint's shape, {Breakpoints} breakpoints, {workers} workers, {Threads} threads a batch: Haltpoint {core:F2} us of work for each thread"));
        if (ByKernel(workers, 0) is null)
        {
            Console.WriteLine("perf bench did not run here");
            return;
        }

        double without = Median(() => ByKernel(workers, 0)!.Value);
        double with = Median(() => ByKernel(workers, Breakpoints)!.Value);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"the kernel: {with:F2} us for each thread with them, {without:F2} us without: {with - without:F2} us for {Breakpoints} events, their slots included"));
    }

    private static double Median(Func<double> measure) => Enumerable.Range(0, Rounds).Select(_ => measure()).Order().ElementAt(Rounds / 2);

    // Microseconds of one worker's time for a thread.
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
        long begin = Stopwatch.GetTimestamp();
        Array.ForEach(all, t => t.Join());
        double microseconds = Stopwatch.GetElapsedTime(begin).TotalMicroseconds;
        NativeMemory.Free(memory);
        return microseconds * workers / CoreBatches / Threads;
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
            using Process perf = Process.Start(start)!;
            string output = perf.StandardOutput.ReadToEnd();
            perf.WaitForExit();
            return perf.ExitCode == 0 && double.TryParse(output.AsSpan().Trim(), CultureInfo.InvariantCulture, out double seconds)
                ? seconds * 1e6 * workers / KernelBatches / Threads
                : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // Not installed.
        }
    }
}
