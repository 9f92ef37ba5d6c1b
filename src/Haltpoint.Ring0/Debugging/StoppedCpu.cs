using System.Runtime.CompilerServices;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Ring0.Debugging;

/// <summary>What the debugger keeps of one CPU. Written by the CPU on its way in; the master's from then on until it leaves.</summary>
internal unsafe struct StoppedCpu
{
    /// <summary>Its registers; null while it runs.</summary>
    public InterruptFrame* Frame;

    public StopCause Cause;

    /// <summary>The cause has been looked at: a trap's program counter is on the trap, and <see cref="Stop"/> says what there is to tell.</summary>
    public bool IsJudged;

    /// <summary>Leaving, the exception goes to the kernel as if there were no debugger.</summary>
    public bool IsPassedOn;

    /// <summary>A step that nobody asked for any more ends in silence.</summary>
    public bool IsStepEnd;

    public DebugStatus Status;

    /// <summary>Where its hit was: one that was moved since has nothing to tell.</summary>
    public ulong HitAddress;

    public StopEvent Stop;

    /// <summary>The instruction that it stands on because of a hardware breakpoint there, whatever the client was told since; 0 for none.</summary>
    public ulong PassAddress;

    /// <summary>What the last resume said of it.</summary>
    public ResumeKind Plan;

    public bool IsPlanned;
    public ulong RangeStart;
    public ulong RangeEnd;

    /// <summary>Whose each register was when it fired.</summary>
    public SlotOwners Owners;

    public void TakeOwners(in SlotBank bank)
    {
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            Owners[slot] = bank.OwnerOf(slot);
        }
    }

    [InlineArray(DebugControl.SlotCount)]
    public struct SlotOwners
    {
        private SlotId _first;
    }
}
