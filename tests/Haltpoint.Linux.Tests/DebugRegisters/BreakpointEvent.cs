using System;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Tests.Tracees;

namespace Haltpoint.Linux.Tests.DebugRegisters;

/// <summary>A disabled perf breakpoint on user addresses: it does nothing but take a slot.</summary>
internal sealed unsafe class BreakpointEvent : IDisposable
{
    private const int PermissionDenied = 13;
    private const int NotPermitted = 1;
    private const int NoSuchCall = 38;
    private const int NoSuchType = 2;
    private const int NotSupported = 95;

    private readonly int _fd;

    /// <param name="thread">A thread, or -1 for whatever runs on the CPU.</param>
    /// <param name="cpu">A CPU, or -1 for every one.</param>
    /// <param name="address">Where.</param>
    /// <param name="length">Bytes watched for writes.</param>
    public BreakpointEvent(int thread, int cpu, ulong address, ulong length)
    {
        // struct perf_event_attr, its second version of 72 bytes (linux/perf_event.h).
        ulong* attr = stackalloc ulong[9];
        attr[0] = 5 | (72ul << 32); // PERF_TYPE_BREAKPOINT, size
        attr[2] = 1; // sample_period
        attr[5] = (1ul << 0) | (1ul << 5) | (1ul << 6); // disabled, exclude_kernel, exclude_hv
        attr[6] = 2ul << 32; // bp_type: write
        attr[7] = address;
        attr[8] = length;
        _fd = (int)TestLibc.PerfEventOpen(298, attr, thread, cpu, -1, 8);
        Error = _fd < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    public int Error { get; }

    /// <summary>Nothing of the kind is allowed here, whatever is free.</summary>
    public bool IsRefused => Error is PermissionDenied or NotPermitted or NoSuchCall or NoSuchType or NotSupported;

    public void Dispose()
    {
        if (_fd >= 0)
        {
            _ = TestLibc.Close(_fd);
        }
    }
}
