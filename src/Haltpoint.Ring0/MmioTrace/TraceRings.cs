using System;
using System.Runtime.CompilerServices;
using Haltpoint.Records;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.MmioTrace;

/// <summary>A ring of records for each CPU, and their way into one order.</summary>
internal static unsafe class TraceRings
{
    private const int AllRecords = 1 << 17;

    private static Rings s_rings;
    private static ulong s_lastLooked;

    public static int Capacity { get; private set; }

    public static ref RecordRing Of(int cpu) => ref s_rings[cpu];

    /// <summary>Called once.</summary>
    public static void Allocate()
    {
        Capacity = AllRecords;
        while (Capacity * CpuTable.Count > AllRecords)
        {
            Capacity /= 2;
        }

        ulong bytes = (ulong)(Capacity * sizeof(TraceRecord));
        ulong next = TraceArea.Rings;
        for (int cpu = 0; cpu < CpuTable.Count; cpu++)
        {
            for (ulong page = next; page < next + bytes; page += PageTables.PageSize)
            {
                PageTables.Map(page, FrameAllocator.Allocate(), PageFlags.Data);
            }

            s_rings[cpu] = new RecordRing((TraceRecord*)next, (uint)Capacity);
            next += (bytes + PageTables.PageSize - 1) & ~(PageTables.PageSize - 1);
        }
    }

    /// <summary>The oldest record of all CPUs, good until <see cref="RecordRing.Remove"/>. Of the one thread that reads.</summary>
    /// <returns>Null when none may be told yet.</returns>
    /// <remarks>Numbers are given with the tracer's lock held until the record is in its ring: what has a lower number than the last one given before the look is there to be seen.</remarks>
    public static TraceRecord* PeekOldest()
    {
        TraceRecord* oldest = FindOldest();
        if (oldest == null || oldest->Sequence > s_lastLooked)
        {
            s_lastLooked = Tracer.Sequence;
            oldest = FindOldest();
        }

        return oldest == null || oldest->Sequence > s_lastLooked ? null : oldest;
    }

    public static int TakeLost()
    {
        int lost = 0;
        for (int cpu = 0; cpu < CpuTable.Count; cpu++)
        {
            lost += s_rings[cpu].TakeLost();
        }

        return lost;
    }

    private static TraceRecord* FindOldest()
    {
        TraceRecord* oldest = null;
        for (int cpu = 0; cpu < CpuTable.Count; cpu++)
        {
            TraceRecord* record = s_rings[cpu].Peek();
            if (record != null && (oldest == null || record->Sequence < oldest->Sequence))
            {
                oldest = record;
            }
        }

        return oldest;
    }

    [InlineArray(Cpu.Max)]
    private struct Rings
    {
        private RecordRing _first;
    }
}
