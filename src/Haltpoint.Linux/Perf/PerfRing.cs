using System;
using System.Threading;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Perf;

/// <summary>The buffer into which the kernel writes the records of every event that counts on one CPU.</summary>
/// <remarks>
/// It belongs to an event that never fires, bound to this CPU and to this process's first thread. So it outlives every watched
/// thread, and poll(2) on it never reports a hang-up, which would otherwise be returned at once for ever when the thread of a
/// ring's owner ends. Events with inheritance have no other way to a ring: one for all CPUs cannot be mapped.
/// One reader at a time.
/// </remarks>
internal sealed unsafe class PerfRing : IDisposable
{
    /// <summary>Room for a tenth of a second of hits at full rate, so that a reader that waits for a CPU loses none.</summary>
    public const int DefaultPages = 1024;

    // struct perf_event_mmap_page: data_head, data_tail, data_offset, data_size.
    private const int HeadOffset = 1024;
    private const int TailOffset = 1032;
    private const int DataOffsetOffset = 1040;
    private const int DataSizeOffset = 1048;

    private const ulong DummyConfig = 9;

    private readonly byte* _page;
    private readonly nuint _length;
    private readonly byte* _data;
    private readonly ulong _size;
    private bool _disposed;

    private PerfRing(PerfEvent owner, byte* page, nuint length)
    {
        Owner = owner;
        _page = page;
        _length = length;
        _data = page + *(ulong*)(page + DataOffsetOffset);
        _size = *(ulong*)(page + DataSizeOffset);
    }

    /// <summary>What other events are redirected to, and what is polled.</summary>
    public PerfEvent Owner { get; }

    public int Cpu => Owner.Cpu;

    /// <summary>Bytes of records it can hold.</summary>
    public int Size => (int)_size;

    /// <param name="cpu">The CPU whose events write into it.</param>
    /// <param name="attr">What its records look like; the events that are redirected to it must have the same fields and clock.</param>
    /// <param name="pages">Pages wanted, a power of two; fewer are taken where the user may not lock so many.</param>
    /// <param name="ring">The ring, if there is one.</param>
    public static PerfStatus TryOpen(int cpu, in PerfEventAttr attr, int pages, out PerfRing? ring)
    {
        ring = null;
        PerfEventAttr dummy = attr;
        dummy.Type = PerfEventType.Software;
        dummy.Config = DummyConfig;
        dummy.Flags = (attr.Flags & (PerfEventFlags.SampleIdAll | PerfEventFlags.UseClockId | PerfEventFlags.Watermark))
            | PerfEventFlags.ExcludeKernel | PerfEventFlags.ExcludeHypervisor;
        dummy.BreakpointType = 0;
        dummy.BreakpointAddress = 0;
        dummy.BreakpointLength = 0;
        dummy.SamplePeriod = 0;

        PerfStatus status = PerfEvent.TryOpen(dummy, Environment.ProcessId, cpu, out PerfEvent? owner);
        if (status != PerfStatus.Ok)
        {
            return status;
        }

        for (; pages > 0; pages /= 2)
        {
            nuint length = (nuint)((pages + 1) * Environment.SystemPageSize);
            void* page = Libc.Mmap(null, length, Libc.ProtRead | Libc.ProtWrite, Libc.MapShared, owner!.Fd, 0);
            if (page != Libc.MapFailed)
            {
                ring = new PerfRing(owner, (byte*)page, length);
                return PerfStatus.Ok;
            }

            status = PerfStatuses.OfLastError();
            if (status is not (PerfStatus.NotPermitted or PerfStatus.NoMemory))
            {
                break;
            }
        }

        owner!.Dispose();
        return status == PerfStatus.NotPermitted ? PerfStatus.NoLockedMemory : status;
    }

    /// <summary>Bytes of records that wait.</summary>
    public int Available => (int)(Volatile.Read(ref *(ulong*)(_page + HeadOffset)) - *(ulong*)(_page + TailOffset));

    /// <summary>Copies whole waiting records and frees their room.</summary>
    /// <param name="destination">Room for at least <see cref="Available"/> bytes as it was read before.</param>
    /// <returns>The bytes copied.</returns>
    public int Drain(Span<byte> destination)
    {
        ulong tail = *(ulong*)(_page + TailOffset);
        // Acquire: the records up to the head must be seen as the kernel left them.
        ulong head = Volatile.Read(ref *(ulong*)(_page + HeadOffset));
        int count = (int)ulong.Min(head - tail, (ulong)destination.Length);
        if ((ulong)count != head - tail)
        {
            count = WholeRecords(tail, count);
        }

        int start = (int)(tail & (_size - 1));
        int first = int.Min(count, (int)_size - start);
        new ReadOnlySpan<byte>(_data + start, first).CopyTo(destination);
        new ReadOnlySpan<byte>(_data, count - first).CopyTo(destination[first..]);
        // Release: the kernel may overwrite what is behind the tail, so the copy must be complete before.
        Volatile.Write(ref *(ulong*)(_page + TailOffset), tail + (ulong)count);
        return count;
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = Libc.Munmap(_page, _length);
            Owner.Dispose();
        }
    }

    private int WholeRecords(ulong tail, int limit)
    {
        int whole = 0;
        while (true)
        {
            // Records are multiples of 8 bytes at multiples of 8, so a header never wraps.
            int size = *(ushort*)(_data + ((tail + (ulong)whole) & (_size - 1)) + 6);
            if (whole + size > limit)
            {
                return whole;
            }

            whole += size;
        }
    }
}
