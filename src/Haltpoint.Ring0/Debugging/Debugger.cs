using System;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Boot;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Serial;
using Haltpoint.Ring0.Time;
using Haltpoint.Ring0.Watchdogs;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Ring0.Debugging;

/// <summary>Where the kernel hands over to the debugger, and what all of the debugger shares.</summary>
internal static unsafe class Debugger
{
    private const int LingersPerSecond = 100;

    private static Roundup<MachineRoundup> s_roundup;
    private static MachineRoundup s_machine;
    private static DebuggerSlots s_slots;
    private static SoftwareBreakpoints s_traps;
    private static bool s_isReady;

    public static Roundup<MachineRoundup> Roundup => s_roundup;

    public static ref MachineRoundup Machine => ref s_machine;

    /// <summary>Debug registers of every CPU, for the debugger and for everybody else.</summary>
    public static SlotPool Pool => BreakpointTable.Pool;

    public static DebuggerSlots Slots => s_slots;

    public static ref SoftwareBreakpoints Traps => ref s_traps;

    /// <summary>Whether the CPU is stopped. For those that run while others are held.</summary>
    public static bool Holds(int cpu) => s_isReady && s_roundup.IsStopped(cpu);

    public static ref StoppedCpu Cpu(int cpu) => ref DebugStorage.At->Cpus[cpu];

    /// <summary>Called for every exception that is not mended, NMI, #DB and #BP first of all, interrupts off; for NMI and #DB on their own stacks.</summary>
    /// <returns>Handled: what the frame now says goes on. Otherwise an NMI is only counted, and anything else is a panic.</returns>
    /// <param name="cpu">The CPU.</param>
    /// <param name="frame">What was interrupted.</param>
    /// <param name="status">For #DB: what happened beside the hits of others.</param>
    public static bool TryHandle(Cpu* cpu, InterruptFrame* frame, DebugStatus status)
    {
        if (!s_isReady)
        {
            return false;
        }

        int index = cpu->Index;
        if (frame->Vector == Vectors.Nmi)
        {
            return HandleNmi(cpu, frame);
        }

        if ((s_roundup.IsStopped(index) || !Conversation.IsOpen) && frame->Vector != Vectors.Breakpoint && frame->Vector != Vectors.Debug)
        {
            return false;
        }

        bool isStepEnd = SingleStep.TryEnd(index, frame, cpu->Current);
        ref StoppedCpu stopped = ref Cpu(index);
        if (isStepEnd && status.HitSlots == 0 && frame->Vector == Vectors.Debug && IsInRange(stopped, frame->Rip))
        {
            SingleStep.TrySkipHalt(frame);
            SingleStep.Begin(index, frame, cpu->Current);
            return true;
        }

        if (!Conversation.IsOpen)
        {
            return frame->Vector == Vectors.Debug; // what a debugger that is gone had begun
        }

        if (s_roundup.EnterByTrap(index) == RoundupEntry.Inside)
        {
            return Reenter(index, frame);
        }

        stopped.Cause = frame->Vector switch
        {
            Vectors.Debug => StopCause.DebugException,
            Vectors.Breakpoint => StopCause.Trap,
            _ => StopCause.Fault,
        };
        stopped.Status = status;
        stopped.TakeOwners(CpuBanks.At(index)->Desired);
        stopped.IsStepEnd = isStepEnd;
        Stay(index, frame);
        return !stopped.IsPassedOn;
    }

    /// <summary>A byte came in on the debug port; called with interrupts off, on whichever CPU took the interrupt.</summary>
    public static void Receive(InterruptFrame* frame)
    {
        int index = Instructions.Current()->Index;
        if (!s_isReady || !DebugPort.Port.HasData || s_roundup.EnterByTrap(index) != RoundupEntry.Entered)
        {
            return;
        }

        Cpu(index).Cause = StopCause.BreakIn;
        Stay(index, frame);
    }

    /// <summary>This CPU is in the list of those online, from now on gets the NMIs of the debugger, and runs no thread yet.</summary>
    public static void CpuOnline(Cpu* cpu)
    {
        if (!s_isReady)
        {
            Start();
        }

        s_roundup.ComeOnline(cpu->Index);
        Cpu(cpu->Index).Cause = StopCause.None;
        Stay(cpu->Index, null);
    }

    // The boot processor, before there is another.
    private static void Start()
    {
        DebugStorage.Block* block = DebugStorage.At;
        FrameRegisters.Place();
        s_roundup = new Roundup<MachineRoundup>(
            DebugStorage.Roundup, CpuTable.Count, (long)(Clock.Frequency * BootOptions.StopPatience), (long)Clock.Frequency / LingersPerSecond);
        fixed (DebuggerBreakpoint* breakpoints = (Span<DebuggerBreakpoint>)block->Breakpoints)
        fixed (SoftwareBreakpoint* traps = (Span<SoftwareBreakpoint>)block->Traps)
        {
            s_slots = new DebuggerSlots(BreakpointTable.Pool, breakpoints, DebugStorage.MaxBreakpoints);
            s_traps = new SoftwareBreakpoints(traps, DebugStorage.MaxTraps);
        }

        Resumption.PlanAll();
        s_isReady = true;
    }

    private static bool HandleNmi(Cpu* cpu, InterruptFrame* frame)
    {
        RoundupEntry entry = s_roundup.EnterByNmi(cpu->Index);
        if (entry == RoundupEntry.Entered)
        {
            SingleStep.Cancel(cpu->Index, frame, cpu->Current);
            Cpu(cpu->Index).Cause = StopCause.None;
            Stay(cpu->Index, frame);
        }

        return entry != RoundupEntry.NotOurs;
    }

    // From here until the CPU is let go it takes its turns in the round-up, and serves the debugger when it is the master.
    private static void Stay(int cpu, InterruptFrame* frame)
    {
        ref StoppedCpu stopped = ref Cpu(cpu);
        stopped.IsJudged = false;
        stopped.IsPassedOn = false;
        stopped.PassAddress = 0;
        stopped.Frame = frame;
        while (s_roundup.Stay(ref s_machine, cpu))
        {
            Conversation.Serve(cpu);
        }

        stopped.Frame = null;
        Touches.Leave();
    }

    private static bool Reenter(int cpu, InterruptFrame* frame)
    {
        // A slot that fired on the way in: the registers are off from here on.
        if (frame->Vector == Vectors.Debug)
        {
            return true;
        }

        ReentryAnswer answer;
        while ((answer = s_roundup.Reenter(ref s_machine, cpu, frame->Rip - 1)) == ReentryAnswer.Again)
        {
            // No pause: the trap may be in that very routine, and each turn would nest one more exception.
        }

        if (answer == ReentryAnswer.Retry)
        {
            frame->Rip--;
        }

        return answer == ReentryAnswer.Retry;
    }

    private static bool IsInRange(in StoppedCpu stopped, ulong address) =>
        stopped.IsPlanned && stopped.Plan == ResumeKind.StepRange && address >= stopped.RangeStart && address < stopped.RangeEnd;
}
