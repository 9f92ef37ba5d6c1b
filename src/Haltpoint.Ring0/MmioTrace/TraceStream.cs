using System;
using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Records;
using Haltpoint.Ring0.Devices;
using Haltpoint.Ring0.Serial;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.MmioTrace;

/// <summary>The thread that writes the trace to the third serial port, as text.</summary>
internal static unsafe class TraceStream
{
    private const int PauseMilliseconds = 10;

    private static int s_emptyLooks;

    private static Uart Port => new(Uart.Com3);

    /// <returns>False when no thread could be started.</returns>
    public static bool TryStart()
    {
        Port.Start();
        return ThreadTable.Start("trace"u8, &Run, 0) != null;
    }

    /// <summary>Returns when everything that was recorded before is out. From a thread.</summary>
    public static void Flush()
    {
        // The look that is under way may have begun before the last record.
        int looks = Volatile.Read(ref s_emptyLooks);
        while (Volatile.Read(ref s_emptyLooks) - looks < 2)
        {
            Scheduler.Sleep(PauseMilliseconds);
        }
    }

    [UnmanagedCallersOnly]
    private static void Run(nint argument)
    {
        byte* bytes = stackalloc byte[MmiotraceText.LongestLine];
        Span<byte> line = new(bytes, MmiotraceText.LongestLine);
        Port.WriteQueued(MmiotraceText.Version);
        for (int i = 0; i < PciBus.Count; i++)
        {
            PciDeviceEntry entry = PciBus.At(i)->Entry;
            Port.WriteQueued(line[..MmiotraceText.Write(entry, PciBus.At(i)->DriverName, line)]);
        }

        while (true)
        {
            if (!TryWriteAll(line))
            {
                Interlocked.Increment(ref s_emptyLooks);
                Scheduler.Sleep(PauseMilliseconds);
            }
        }
    }

    private static bool TryWriteAll(Span<byte> line)
    {
        bool isAny = false;
        for (TraceRecord* record; (record = TraceRings.PeekOldest()) != null; isAny = true)
        {
            int length = MmiotraceText.Write(*record, line);
            TraceRings.Of(record->Cpu).Remove();
            Port.WriteQueued(line[..length]);
        }

        int lost = TraceRings.TakeLost();
        if (lost > 0)
        {
            Port.WriteQueued(line[..MmiotraceText.WriteLost((ulong)lost, line)]);
        }

        return isAny || lost > 0;
    }
}
