using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Shell;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.MmioTrace;

/// <summary>Mappings and requests of unusual shapes, on memory in the place of a device; the trace must show what the comments say.</summary>
internal static unsafe class PageTrials
{
    private const ulong Length = 2 * PageTables.LargePageSize;
    private const int Cycles = 100;
    private const int ReadsPerCycle = 8;

    private static ulong* s_shared;
    private static int s_isReading;
    private static int s_cycle;
    private static int s_reached;
    private static bool s_isRight;

    public static bool Run()
    {
        s_isRight = true;
        ulong physical = (MemoryMap.Ranges[^1].End - (2 * Length)) & ~(PageTables.LargePageSize - 1);
        byte* start = DeviceArea.Map(physical, Length);
        Check(PageTables.Find((ulong)start, out ulong size) != null && size == PageTables.LargePageSize, 1);
        Large(start);
        Counts(start);
        DeviceArea.Unmap(start, Length);

        // Begins and ends inside a page, next to others that are not traced.
        start = DeviceArea.Map(physical + 0xFF8, 0x2000);
        Check(((ulong)start & 0xFFF) == 0xFF8, 2);
        Small(start);
        Removals(start);
        DeviceArea.Unmap(start, 0x2000);
        Check(Tracer.ProbeCount == 0 && Tracer.RunCount == 0, 3);
        return s_isRight;
    }

    // Of two pages of 2 MiB, sixteen bytes on either side of the border: 4 stores and a load of 8 bytes across it.
    private static void Large(byte* start)
    {
        byte* border = start + PageTables.LargePageSize;
        Check(Tracer.Add((ulong)border - 16, 32, out int id) == TraceStatus.Ok, 10);
        Check((*PageTables.Find((ulong)start, out _) & (ulong)PageFlags.Present) == 0, 11);
        *(ulong*)(border - 24) = 1; // outside
        *(ulong*)(border - 16) = 2;
        *(ulong*)(border - 4) = 0x1122_3344_5566_7788;
        *(ulong*)(border + 8) = 3;
        *(ulong*)(border + 16) = 4; // outside
        *(ulong*)start = 5; // outside, in the same large page
        *(ulong*)(border + 12) = 6; // half outside
        Check(Volatile.Read(ref *(long*)(border - 4)) == 0x1122_3344_5566_7788, 12);
        Check(*(ulong*)(border - 24) == 1 && *(ulong*)start == 5, 13);
        Check(Tracer.Remove(id), 14);
        *(ulong*)(border - 16) = 7; // no longer traced
    }

    // A request for what is traced already is refused and leaves nothing behind (G-1, G-11); overlapping ones share the page (G-3).
    private static void Counts(byte* start)
    {
        Check(Tracer.Add((ulong)start + 8, 16, out int first) == TraceStatus.Ok, 20);
        Check(Tracer.Add((ulong)start + 8, 16, out _) == TraceStatus.Exists && Tracer.ProbeCount == 1, 21);
        Check(Tracer.Add((ulong)start + 16, 16, out int second) == TraceStatus.Ok, 22);
        *(ulong*)(start + 16) = 0x21; // both: the first that was asked for gets it
        *(ulong*)(start + 24) = 0x22; // the second's
        Check(Tracer.Remove(first) && !Tracer.Remove(first), 23);
        *(ulong*)(start + 8) = 0x23; // nobody's any more
        *(ulong*)(start + 16) = 0x24; // the second's
        Check(Tracer.Remove(second) && Tracer.ProbeCount == 0 && Tracer.RunCount == 0, 24);
        *(ulong*)(start + 16) = 0x25; // nobody's
        Check(Tracer.Add((ulong)start + Length, 8, out _) == TraceStatus.NotMapped, 25);
        Check(Tracer.Add((ulong)start, 0, out _) == TraceStatus.BadRange && Tracer.ProbeCount == 0, 26);
    }

    // From the last eight bytes of one page over a whole one to the eighth last of the third: stores across both borders.
    private static void Small(byte* start)
    {
        Check(Tracer.Add((ulong)start, 0x2000, out int id) == TraceStatus.Ok, 30);
        *(uint*)start = 0x31;
        *(ulong*)(start + 4) = 0x3233_3435_3637_3839;
        *(ulong*)(start + 0x1004) = 0x4142_4344_4546_4748;
        *(start + 0x2000) = 0x99; // behind it; not next to its neighbour, or the compiler makes one store of the two
        *(start - 1) = 0x99; // the same page, not the mapping
        *(start + 0x1FFF) = 0x32;
        Check(Tracer.Remove(id), 31);
    }

    // Taken away and asked for again while another CPU reads (G-30, G-34).
    private static void Removals(byte* start)
    {
        s_shared = (ulong*)(start + 0x10);
        *s_shared = 0x5A5A;
        bool isShared = CpuTable.Count > 1;
        Volatile.Write(ref s_isReading, isShared ? 1 : 0);
        if (isShared)
        {
            Check(ThreadTable.Start("reader"u8, &Read, 0, ~(1UL << Instructions.Current()->Index)) != null, 40);
        }

        for (int i = 0; i < Cycles; i++)
        {
            // The reader has begun this cycle's reads, and is somewhere among them.
            Volatile.Write(ref s_cycle, i + 1);
            while (isShared && Volatile.Read(ref s_reached) <= i)
            {
                Instructions.Pause();
            }

            Check(Tracer.Add((ulong)start, 0x100, out int id) == TraceStatus.Ok, 41);
            Check(Tracer.Remove(id), 42);
        }

        if (isShared)
        {
            Volatile.Write(ref s_isReading, 2);
            while (Volatile.Read(ref s_isReading) != 0)
            {
                Scheduler.Sleep(10);
            }
        }
    }

    [UnmanagedCallersOnly]
    private static void Read(nint argument)
    {
        for (int done = 0; Volatile.Read(ref s_isReading) == 1;)
        {
            int cycle = Volatile.Read(ref s_cycle);
            for (int i = 0; i < ReadsPerCycle && done != cycle; i++)
            {
                Check(Volatile.Read(ref *(long*)s_shared) == 0x5A5A, 43);
                Volatile.Write(ref s_reached, cycle);
            }

            done = cycle;
            Instructions.Pause();
        }

        Volatile.Write(ref s_isReading, 0);
    }

    private static void Check(bool isRight, int number)
    {
        if (!isRight)
        {
            Commands.Print($"trial {number} FAILED\r\n");
            s_isRight = false;
        }
    }
}
