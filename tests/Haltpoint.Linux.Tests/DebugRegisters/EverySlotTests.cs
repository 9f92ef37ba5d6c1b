using System.Collections.Generic;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Xunit;

namespace Haltpoint.Linux.Tests.DebugRegisters;

/// <summary>H-15, the loops of the kernel's own breakpoint test: every slot, length, access and enable bit, as Core encodes them, hits.</summary>
[Collection("perf")]
public class EverySlotTests
{
    private const ulong Local = 1;
    private const ulong Global = 2;
    private const ulong Read = 0x10;
    private const ulong Write = 0x20;
    private const ulong Call = 0x31;
    private const ulong IceBreakpoint = 0x40;
    private const int FunctionSize = 16;

    [Fact]
    public void Everything_that_should_hit_does_and_nothing_else()
    {
        using TracedDebugRegisters task = new("accesses");
        task.ContinueToTrap();
        ulong area = task.Rax;
        ulong functions = task.Rbx;
        int hits = 0;
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            foreach (ulong enable in (ulong[])[Local, Global, Local | Global])
            {
                ulong function = functions + (ulong)(slot * FunctionSize);
                Arm(task, slot, enable, AccessKind.Execute, 1, function);
                Assert.Equal([(1 << slot, function)], StopsOf(task, Call, function));
                hits++;

                foreach (int length in (int[])[1, 2, 4, 8])
                {
                    ulong variable = area + (ulong)(8 * slot);
                    Arm(task, slot, enable, AccessKind.Write, length, variable);
                    Assert.Single(StopsOf(task, Write + (ulong)length, variable));
                    Assert.Empty(StopsOf(task, Read + (ulong)length, variable));
                    Assert.Empty(StopsOf(task, Write + 8, variable + 8));
                    hits++;

                    Arm(task, slot, enable, AccessKind.ReadWrite, length, variable);
                    Assert.Single(StopsOf(task, Write + (ulong)length, variable));
                    Assert.Single(StopsOf(task, Read + (ulong)length, variable));
                    hits++;
                }
            }
        }

        Assert.Equal("ok", task.Write(7, 0));
        Assert.Equal([(0, 0ul)], StopsOf(task, IceBreakpoint, 0)); // and each int3 that ended an operation
        Assert.Equal(108, hits);
    }

    private static void Arm(TracedDebugRegisters task, int slot, ulong enable, AccessKind access, int length, ulong address)
    {
        ulong word = default(DebugControl).Arm(slot, access, length).Bits;
        ulong both = 3ul << (2 * slot);
        Assert.Equal("ok", task.Write(7, 0));
        Assert.Equal("ok", task.Write(slot, address));
        Assert.Equal("ok", task.Write(7, (word & ~both) | (enable << (2 * slot))));
    }

    /// <summary>The stops before the program's own trap: the slots that hit, and for breakpoints where.</summary>
    private static List<(int Slots, ulong Place)> StopsOf(TracedDebugRegisters task, ulong operation, ulong address)
    {
        task.Rax = operation;
        task.Rbx = address;
        List<(int, ulong)> stops = [];
        while (true)
        {
            task.Write(6, DebugStatus.Reset);
            task.ContinueToTrap();
            DebugStatus status = new(task.Read(6));
            bool isOwnTrap = status.HitSlots == 0 && (operation != IceBreakpoint || stops.Count == 1);
            if (isOwnTrap)
            {
                return stops;
            }

            Assert.False(status.IsStep);
            stops.Add((status.HitSlots, operation == Call ? task.Rip : 0));
        }
    }
}
