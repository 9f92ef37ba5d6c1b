using System;
using System.Runtime.CompilerServices;
using Haltpoint.Breakpoints;
using Haltpoint.PageTraps;
using Haltpoint.Records;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Time;

namespace Haltpoint.Ring0.MmioTrace;

/// <summary>Which ranges of device registers are traced, and what became of them.</summary>
internal static unsafe class Tracer
{
    private const int MaxProbes = 64;
    private const int MaxRuns = 130;
    private const int MaxDeparted = 4;
    private const int LargestWord = sizeof(ulong);

    private static PageTrapTable s_table;
    private static Probes s_probes;
    private static Runs s_runs;
    private static Departed s_departed;
    private static ulong s_sequence;
    private static bool s_isOn;

    /// <summary>Mappings that drivers make from now on are traced.</summary>
    public static bool IsOn => s_isOn;

    /// <summary>Records made so far, the lost ones included.</summary>
    public static ulong Sequence => (ulong)System.Threading.Volatile.Read(ref Unsafe.As<ulong, long>(ref s_sequence));

    public static int ProbeCount => s_table.ProbeCount;

    public static int RunCount => s_table.RunCount;

    /// <summary>Called once, by a thread.</summary>
    public static void Start()
    {
        for (int i = 0; i < CpuTable.Count; i++)
        {
            PreparedCode.Prepare(CpuTable.At(i));
        }

        TraceRings.Allocate();
        fixed (Probe* probes = (Span<Probe>)s_probes)
        fixed (TrappedRun* runs = (Span<TrappedRun>)s_runs)
        fixed (DepartedRun* departed = (Span<DepartedRun>)s_departed)
        {
            s_table = new PageTrapTable(probes, MaxProbes, runs, MaxRuns, departed, MaxDeparted, PageTables.PageSize);
        }

        s_isOn = true;
    }

    /// <summary>From its return on, every access to the range by any CPU is in the trace. The caller holds no lock.</summary>
    /// <param name="address">In the area of devices; neither end has to be that of a page.</param>
    /// <param name="length">In bytes.</param>
    /// <param name="id">The mapping's number in the trace, never given twice.</param>
    public static TraceStatus Add(ulong address, ulong length, out int id)
    {
        id = 0;
        if (length == 0 || address + length < address)
        {
            return TraceStatus.BadRange;
        }

        ulong flags = Enter(out Cpu* cpu);
        TraceStatus status = Exists(address, address + length) ? TraceStatus.Exists
            : !ArmedPages.IsMapped(address, address + length) ? TraceStatus.NotMapped
            : s_table.AddProbe(address, length, AccessKind.ReadWrite, out id) != PageTrapStatus.Ok ? TraceStatus.Full
            : TraceStatus.Ok;
        if (status == TraceStatus.Ok)
        {
            PageTables.TryTranslate(address, out ulong physical, out _);
            TraceRecord record = new() { Kind = TraceRecordKind.Map, MapId = id, Physical = physical, Value = address, Length = length };
            Put(cpu, ref record);
            if (!ArmedPages.TryArm(ref s_table))
            {
                s_table.RemoveProbe(id);
                ArmedPages.Disarm(ref s_table);
                status = TraceStatus.Full;
            }
        }

        Exit(cpu, flags);
        TranslationFlush.Everywhere();
        return status;
    }

    /// <summary>From its return on, nothing of the range is in the trace any more, unless another mapping has it; accesses that were on their way are done.</summary>
    /// <returns>False when there is no such mapping.</returns>
    public static bool Remove(int id)
    {
        ulong flags = Enter(out Cpu* cpu);
        bool isFound = s_table.RemoveProbe(id) == PageTrapStatus.Ok;
        TraceRecord record = new() { Kind = TraceRecordKind.Unmap, MapId = isFound ? id : -1 };
        Put(cpu, ref record);
        ArmedPages.Disarm(ref s_table);
        Exit(cpu, flags);
        return isFound;
    }

    /// <summary>A line of text in the trace.</summary>
    public static void Mark(scoped in Text.Line text)
    {
        ulong flags = Enter(out Cpu* cpu);
        TraceRecord record = new() { Kind = TraceRecordKind.Mark };
        record.SetText(text.Text);
        Put(cpu, ref record);
        Exit(cpu, flags);
    }

    /// <summary>An access that has been made; with the lock held. A line for each eight bytes, or what powers of two the rest has.</summary>
    public static void Record(Cpu* cpu, ulong address, byte* value, int size, AccessKind access, ulong programCounter)
    {
        int cursor = 0;
        if (!s_table.TryFindHit(ref cursor, address, address + (ulong)size, access, out Probe probe))
        {
            return;
        }

        PageTables.TryTranslate(address, out ulong physical, out _);
        int width;
        for (int done = 0; done < size; done += width)
        {
            width = LargestWord;
            while (width > size - done)
            {
                width /= 2;
            }

            ulong word = 0;
            for (int i = width - 1; i >= 0; i--)
            {
                word = (word << 8) | value[done + i];
            }

            TraceRecord record = new()
            {
                Kind = access == AccessKind.Read ? TraceRecordKind.Read : TraceRecordKind.Write,
                Width = (byte)width,
                MapId = probe.Id,
                Physical = physical + (ulong)done,
                Value = word,
                ProgramCounter = programCounter,
            };
            Put(cpu, ref record);
        }
    }

    /// <summary>An instruction that nobody can make for its owner: what it touches is traced no longer, and the trace says so. With the lock held.</summary>
    public static void GiveUp(Cpu* cpu, ulong address, ulong programCounter, byte* code)
    {
        TraceRecord record = new() { Kind = TraceRecordKind.Unknown, MapId = -1, ProgramCounter = programCounter, Value = code[0] | (ulong)code[1] << 8 | (ulong)code[2] << 16 };
        PageTables.TryTranslate(address, out record.Physical, out _);
        int cursor = 0;
        ulong page = address & ~(PageTables.PageSize - 1);
        while (s_table.TryFindHit(ref cursor, page, page + PageTables.PageSize, AccessKind.ReadWrite, out Probe probe))
        {
            record.MapId = probe.Id;
            s_table.RemoveProbe(probe.Id);
            cursor = 0;
        }

        Put(cpu, ref record);
        ArmedPages.Disarm(ref s_table);
        record = new TraceRecord { Kind = TraceRecordKind.Mark };
        record.SetText("an instruction that is not known: its mapping is given up"u8);
        Put(cpu, ref record);
    }

    private static bool Exists(ulong start, ulong end)
    {
        for (int i = 0; i < s_table.ProbeCount; i++)
        {
            Probe probe = s_table.ProbeAt(i);
            if (probe.Start == start && probe.End == end)
            {
                return true;
            }
        }

        return false;
    }

    private static void Put(Cpu* cpu, ref TraceRecord record)
    {
        record.Cpu = (ushort)cpu->Index;
        record.Sequence = ++s_sequence;
        record.Time = Clock.Microseconds;
        TraceRings.Of(cpu->Index).TryAdd(record);
    }

    private static ulong Enter(out Cpu* cpu)
    {
        ulong flags = Instructions.DisableInterrupts();
        cpu = Instructions.Current();
        TraceState.Enter(cpu);
        return flags;
    }

    private static void Exit(Cpu* cpu, ulong flags)
    {
        TraceState.Exit(cpu);
        Instructions.RestoreInterrupts(flags);
    }

    [InlineArray(MaxProbes)]
    private struct Probes
    {
        private Probe _first;
    }

    [InlineArray(MaxRuns)]
    private struct Runs
    {
        private TrappedRun _first;
    }

    [InlineArray(MaxDeparted)]
    private struct Departed
    {
        private DepartedRun _first;
    }
}
