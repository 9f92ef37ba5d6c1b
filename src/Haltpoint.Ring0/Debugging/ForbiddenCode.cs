using System;
using Haltpoint.Ring0.Boot;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Symbols;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;

namespace Haltpoint.Ring0.Debugging;

/// <summary>What no breakpoint may be set on: the way into the debugger, the debugger, and what both stand on (A-20, A-22, B-31).</summary>
internal static unsafe class ForbiddenCode
{
    /// <summary>Fills the list of data that the slots refuse.</summary>
    /// <returns>How many ranges there are.</returns>
    public static int ListData(ForbiddenRange* into)
    {
        int count = 0;
        into[count++] = Range(InterruptTable.Address, (ulong)InterruptTable.Length, AccessKind.ReadWrite);
        into[count++] = Range((ulong)DebugStorage.At, (ulong)sizeof(DebugStorage.Block), AccessKind.ReadWrite);
        into[count++] = Range((ulong)BreakpointStorage.At, (ulong)sizeof(BreakpointStorage.Block), AccessKind.ReadWrite);
        for (int i = 0; i < CpuTable.Count; i++)
        {
            Cpu* cpu = CpuTable.At(i);
            into[count++] = Range((ulong)&cpu->TaskState, (ulong)sizeof(TaskState), AccessKind.ReadWrite);
            into[count++] = Range((ulong)&cpu->Descriptors, (ulong)sizeof(Descriptors), AccessKind.ReadWrite);
            for (int stack = 1; stack <= InterruptStacks.Count; stack++)
            {
                into[count++] = Range(cpu->TaskState.InterruptStacks[stack] - StackArea.StackSize, StackArea.StackSize, AccessKind.ReadWrite);
            }
        }

        return count;
    }

    /// <summary>Whether the debugger itself, or the way into it, executes the address.</summary>
    public static bool Contains(ulong address)
    {
        ulong entries = ImageLayout.InterruptEntries();
        if (address - entries < InterruptTable.Count * InterruptTable.EntrySize)
        {
            return true;
        }

        ReadOnlySpan<byte> name = SymbolTable.NameOf(address, out _);
        return IsRoutine(name) || IsDebugger(name) || IsOnTheWay(name);
    }

    private static bool IsDebugger(ReadOnlySpan<byte> name) =>
        name.StartsWith("Ring0.Debugging."u8) || name.StartsWith("Ring0.Breakpoints."u8) || name.StartsWith("Stopping."u8) || name.StartsWith("Rsp."u8)
        || name.StartsWith("Breakpoints."u8) || name.StartsWith("Arch."u8) || name.StartsWith("Locks."u8);

    // What an exception runs before its CPU counts as inside, where a trap would only lead to itself.
    private static bool IsOnTheWay(ReadOnlySpan<byte> name) =>
        name.StartsWith("Ring0.Interrupts.InterruptDispatch."u8) || name.StartsWith("Ring0.Interrupts.Exceptions."u8)
        || name.StartsWith("Ring0.Memory.SafeMemory."u8) || name.StartsWith("Ring0.MmioTrace.TraceState."u8)
        || name.StartsWith("Ring0.MmioTrace.AccessFault."u8) || name.StartsWith("Ring0.Tasks.UserTraps."u8) || name.StartsWith("System."u8) || name.StartsWith("Internal."u8);

    private static bool IsRoutine(ReadOnlySpan<byte> name) =>
        name.StartsWith("interrupt_"u8) || name.StartsWith("debugger_"u8) || name.StartsWith("safe_copy"u8) || name.StartsWith("mem"u8) || name.StartsWith("Rhp"u8)
        || name.StartsWith("cpu_read_fault"u8) || name.StartsWith("cpu_write_fault"u8) || name.SequenceEqual("cpu_current"u8) || name.SequenceEqual("cpu_read_debug_register"u8) || name.SequenceEqual("cpu_write_debug_register"u8);

    private static ForbiddenRange Range(ulong start, ulong length, AccessKind accesses) =>
        new() { Start = start, Length = length, Accesses = accesses };
}
