using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;

namespace Haltpoint.Bench.Slots;

/// <summary>The running kernel: disabled perf breakpoints on threads of this process, which stand still.</summary>
internal sealed unsafe partial class KernelReservations : IReservations
{
    private const int StackSize = 64 * 1024;

    private readonly List<int> _events = [];
    private readonly int[] _threads;
    private readonly ManualResetEventSlim _end = new();

    public KernelReservations(int tasks)
    {
        _threads = new int[tasks];
        using CountdownEvent started = new(tasks);
        for (int i = 0; i < tasks; i++)
        {
            int index = i;
            new Thread(() =>
            {
                _threads[index] = GetThreadId();
                started.Signal();
                _end.Wait();
            }, StackSize) { IsBackground = true }.Start();
        }

        started.Wait();
        foreach (int thread in _threads)
        {
            _events.Add(Open(thread));
        }
    }

    /// <summary>Whether the kernel lets us open such an event on our own thread.</summary>
    public static bool IsAllowed
    {
        get
        {
            int fd = TryOpen(0);
            _ = Close(fd);
            return fd >= 0;
        }
    }

    public void ReserveAndRelease(int task) => _ = Close(Open(_threads[task]));

    public void Dispose()
    {
        _events.ForEach(fd => _ = Close(fd));
        _end.Set();
    }

    private static int Open(int thread)
    {
        int fd = TryOpen(thread);
        return fd >= 0 ? fd : throw new InvalidOperationException($"perf_event_open: errno {Marshal.GetLastPInvokeError()}");
    }

    private static int TryOpen(int thread)
    {
        // struct perf_event_attr, its second version of 72 bytes (linux/perf_event.h).
        ulong* attr = stackalloc ulong[9];
        attr[0] = 5 | (72ul << 32); // PERF_TYPE_BREAKPOINT, size
        attr[2] = 1; // sample_period
        attr[5] = (1ul << 0) | (1ul << 5) | (1ul << 6); // disabled, exclude_kernel, exclude_hv
        attr[6] = 2ul << 32; // bp_type: write
        attr[7] = 0x1000;
        attr[8] = 8;
        return (int)PerfEventOpen(298, attr, thread, -1, -1, 8);
    }

    [LibraryImport("libc.so.6", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint PerfEventOpen(nint number, void* attributes, nint thread, nint cpu, nint group, nint flags);

    [LibraryImport("libc.so.6", EntryPoint = "gettid")]
    private static partial int GetThreadId();

    [LibraryImport("libc.so.6", EntryPoint = "close")]
    private static partial int Close(int file);
}
