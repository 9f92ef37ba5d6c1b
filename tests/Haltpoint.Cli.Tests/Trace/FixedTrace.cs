using System;
using System.Collections.Generic;
using Haltpoint.Breakpoints;
using Haltpoint.Cli.Trace;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Tracing;

namespace Haltpoint.Cli.Tests.Trace;

/// <summary>A trace made up by hand: a device and some ordinary memory, with one access of each kind.</summary>
internal static class FixedTrace
{
    private static readonly CodeFrame s_driver = new("set_mode", "/src/driver.c", 42, "/usr/bin/driver", 0x10, false);
    private static readonly CodeFrame s_caller = new("main", "/src/driver.c", 99, "/usr/bin/driver", 0x80, false);
    private static readonly CodeFrame s_stripped = new(null, null, 0, "/usr/lib/lib\"odd\".so", 0x1234, false);

    public static PciDevice Device { get; } = new(
        0x0020, 0x123411e8, 0xb, [0xfd000000, 0, 0, 0, 0, 0, 0], [0x100000, 0, 0, 0, 0, 0, 0], "uio_pci_generic");

    public static TracedMapping Registers { get; } = new()
    {
        Id = 1, ProcessId = 4711, Name = "/sys/devices/pci0000:00/0000:00:04.0/resource0", Start = 0x7f0000000000, Length = 0x1000, IsDevice = true, PhysicalStart = 0xfd000000,
    };

    public static TracedMapping Heap { get; } = new() { Id = 2, ProcessId = 4711, Name = "[heap]", Start = 0x555500000000, Length = 0x21000 };

    public static IReadOnlyList<TracedAccess> Accesses { get; } =
    [
        Access(12_000_345_678, AccessKind.Write, Registers, 0x140, 4, Value(1, 4), default) with { IsExact = true },
        Access(12_000_400_000, AccessKind.Read, Registers, 0x144, 1, Value(0x80, 1), default) with { IsExact = true, Location = s_stripped, Cpu = -1 },
        Access(12_000_500_999, AccessKind.ReadWrite, Heap, 0x20, 8, Value(0x1_0000_0001, 8), Value(0x1_0000_0000, 8)) with { IsExact = true, Stack = [s_driver, s_caller] },
        Access(12_000_600_000, AccessKind.Write, Heap, 0x40, 16, new AccessValue([.. Bytes(16)]), new AccessValue(new byte[16])),
        Access(12_000_700_000, AccessKind.Read, Heap, 0x80, 4096, default, default) with { SystemCall = "write", InstructionStart = 0x48050f },
        Access(13_141_592_653, AccessKind.Read, Registers, 0, 0, default, default) with { InstructionStart = 0x6f0ff3 },
    ];

    public static void WriteTo(ITraceWriter writer)
    {
        writer.Map(Registers, 12_000_000_000);
        writer.Map(Heap, 12_000_000_000);
        foreach (TracedAccess access in Accesses)
        {
            writer.Write(access);
        }

        writer.Unmap(Registers, 13_200_000_000);
        writer.Finish(new TraceSummary(6, 4, 3, 2, 0));
    }

    private static IEnumerable<byte> Bytes(int count)
    {
        for (int i = 0; i < count; i++)
        {
            yield return (byte)(i + 1);
        }
    }

    private static AccessValue Value(ulong number, int width) => new(BitConverter.GetBytes(number).AsSpan(0, width));

    private static TracedAccess Access(long time, AccessKind kind, TracedMapping mapping, ulong offset, int width, AccessValue value, AccessValue old) => new()
    {
        Time = time,
        Cpu = 1,
        ProcessId = 4711,
        ThreadId = 4712,
        ThreadName = "worker, one",
        Access = kind,
        Address = mapping.Start + offset,
        Width = width,
        Mapping = mapping,
        Value = value,
        OldValue = old,
        InstructionPointer = 0x401136,
        Location = s_driver,
        Stack = [],
    };
}
