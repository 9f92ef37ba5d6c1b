using System;
using Haltpoint.Breakpoints;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Targets;

namespace Haltpoint.Ring0.Debugging;

internal unsafe partial struct MachineTarget
{
    private const int AddressSpareBits = 16;

    private static Refusal s_refusal;
    private static Refusal s_lastRefusal;

    /// <summary>Conditions are the client's to judge: after a false one the target would have to step off the trap by itself.</summary>
    public static bool CanEvaluate => false;

    // x86 has no registers that see reads alone; gdb then asks for accesses and drops the others.
    public static bool CanInsert(BreakpointKind kind) => kind != BreakpointKind.ReadWatch;

    public static TargetStatus Insert(
        ref MachineTarget self, ThreadId thread, BreakpointKind kind, ulong address, int length,
        ReadOnlySpan<byte> conditions, ReadOnlySpan<byte> commands, bool persist)
    {
        if (kind is BreakpointKind.Software or BreakpointKind.Hardware && ForbiddenCode.Contains(address))
        {
            return Refuse(Refusal.Forbidden);
        }

        return kind == BreakpointKind.Software ? InsertTrap(address) : InsertInSlots(kind, address, length);
    }

    public static TargetStatus Remove(ref MachineTarget self, ThreadId thread, BreakpointKind kind, ulong address, int length)
    {
        if (kind == BreakpointKind.Software)
        {
            KernelMemory memory = default;
            return Debugger.Traps.Remove(ref memory, address) switch
            {
                TrapStatus.Ok => TargetStatus.Ok,
                TrapStatus.NotFound => TargetStatus.NotFound,
                _ => TargetStatus.BadAddress,
            };
        }

        SlotStatus status = Debugger.Slots.Remove(kind, address, length);
        return status == SlotStatus.Ok && !CpuBanks.TryLayOut() ? Refuse(Refusal.Busy) : ToTargetStatus(status);
    }

    public static int LastError(ref MachineTarget self, Span<byte> into)
    {
        ReadOnlySpan<byte> text = TextOf(s_refusal);
        s_lastRefusal = s_refusal == Refusal.None ? s_lastRefusal : s_refusal;
        s_refusal = Refusal.None;
        return Copy(text, into);
    }

    /// <summary>Why the last request was refused; gdb says of most breakpoints only that they were.</summary>
    public static ReadOnlySpan<byte> LastRefusal => TextOf(s_lastRefusal);

    private static ReadOnlySpan<byte> TextOf(Refusal refusal) => refusal switch
    {
        Refusal.Forbidden => "the debugger itself needs what is there"u8,
        Refusal.Inner => "the debugger ran into a breakpoint there itself, and removed it"u8,
        Refusal.Busy => "a stopped CPU is handing out debug registers: let the machine run and try again"u8,
        Refusal.Exhausted => "all debug registers are taken, see \"monitor slots\""u8,
        _ => default,
    };

    // Planted only while the machine runs, so that no trap is in what the debugger itself executes.
    private static TargetStatus InsertTrap(ulong address)
    {
        if (InnerTraps.Contains(address))
        {
            return Refuse(Refusal.Inner);
        }

        if (Debugger.Traps.StateAt(address) is TrapState.Planted or TrapState.Lifted)
        {
            return TargetStatus.Ok;
        }

        KernelMemory memory = default;
        return Debugger.Traps.InsertLifted(ref memory, address, TrapInstruction.X86) switch
        {
            TrapStatus.Ok => TargetStatus.Ok,
            TrapStatus.Full => TargetStatus.NoMemory,
            _ => TargetStatus.BadAddress,
        };
    }

    private static TargetStatus InsertInSlots(BreakpointKind kind, ulong address, int length)
    {
        // Bits 63 to 47 are alike in every address there can be; no access would ever match another (SDM volume 1, section 3.3.7.1).
        if ((ulong)((long)(address << AddressSpareBits) >> AddressSpareBits) != address)
        {
            return TargetStatus.BadAddress;
        }

        SlotStatus status = Debugger.Slots.Insert(kind, address, length, default);
        if (status == SlotStatus.Ok && !CpuBanks.TryLayOut())
        {
            Debugger.Slots.Remove(kind, address, length);
            status = SlotStatus.Busy;
        }

        return ToTargetStatus(status);
    }

    private static TargetStatus ToTargetStatus(SlotStatus status) => status switch
    {
        SlotStatus.Ok => TargetStatus.Ok,
        SlotStatus.NotFound => TargetStatus.NotFound,
        SlotStatus.Exhausted or SlotStatus.Full => RefuseSlot(),
        SlotStatus.Forbidden => Refuse(Refusal.Forbidden),
        SlotStatus.Busy => Refuse(Refusal.Busy),
        SlotStatus.BadAddress => TargetStatus.BadAddress,
        _ => TargetStatus.BadArgument,
    };

    private static TargetStatus RefuseSlot()
    {
        s_refusal = Refusal.Exhausted;
        return TargetStatus.NoSlot;
    }

    private static TargetStatus Refuse(Refusal refusal)
    {
        s_refusal = refusal;
        return TargetStatus.Refused;
    }

    private enum Refusal : byte
    {
        None,
        Forbidden,
        Inner,
        Busy,
        Exhausted,
    }
}
