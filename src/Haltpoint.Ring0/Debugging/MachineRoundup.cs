using System.Threading;
using Haltpoint.Breakpoints;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Serial;
using Haltpoint.Stopping;

namespace Haltpoint.Ring0.Debugging;

/// <summary>The CPUs of this machine for <see cref="Roundup{TTarget}"/>.</summary>
internal unsafe struct MachineRoundup : IRoundupTarget<MachineRoundup>
{
    private const int SpinsPerPause = 1000;

    public static long Now(ref MachineRoundup self) => (long)Instructions.Timestamp();

    public static void Relax(ref MachineRoundup self)
    {
        // An emulator may make much of each pause: QEMU's takes its one big lock, which the master needs to talk to the client.
        int spin = 0;
        while (Volatile.Read(ref spin) < SpinsPerPause)
        {
            spin++;
        }

        Instructions.Pause();
    }

    // Only the vector's own class comes through. In service, from a handler that an NMI interrupted, it would not come either.
    public static void Sleep(ref MachineRoundup self, int cpu)
    {
        if (LocalApic.IsInService(Vectors.DebuggerWake))
        {
            Relax(ref self);
            return;
        }

        LocalApic.SetTaskPriority(Vectors.DebuggerWake - 0x10);
        if (Instructions.SleepInDebugger() != 0)
        {
            LocalApic.EndInterrupt();
        }

        LocalApic.SetTaskPriority(0);
    }

    public static void Wake(ref MachineRoundup self, int cpu) => LocalApic.Send(CpuTable.At(cpu)->ApicId, Vectors.DebuggerWake);

    public static void SendNmi(ref MachineRoundup self, int cpu) => LocalApic.SendNmi(CpuTable.At(cpu)->ApicId);

    public static void Disarm(ref MachineRoundup self, int cpu) => CpuBanks.Disarm(cpu);

    public static void Rearm(ref MachineRoundup self, int cpu) => CpuBanks.Rearm(cpu);

    public static ulong ThreadOn(ref MachineRoundup self, int cpu) => (ulong)CpuTable.At(cpu)->Current->Id;

    public static bool IsWanted(ref MachineRoundup self, int cpu) => Hits.IsWanted(cpu);

    // Several held CPUs may hear the same byte. The first that is elected reads it; the hits of the others are then unwanted.
    public static bool TryTakeBreakIn(ref MachineRoundup self, int cpu)
    {
        if (!DebugPort.Port.HasData)
        {
            return false;
        }

        Debugger.Cpu(cpu).Cause = StopCause.BreakIn;
        Debugger.Cpu(cpu).IsJudged = false;
        return true;
    }

    public static TrapRemoval RemoveTrap(ref MachineRoundup self, int cpu, ulong address)
    {
        KernelMemory memory = default;
        switch (Debugger.Traps.StateAt(address))
        {
            case TrapState.Planted:
                if (Debugger.Traps.Lift(ref memory, address) != TrapStatus.Ok)
                {
                    return TrapRemoval.NotATrap;
                }

                InnerTraps.Add(address);
                return TrapRemoval.Removed;
            case TrapState.None:
                return TrapRemoval.NotATrap;
            default:
                return TrapRemoval.AlreadyGone;
        }
    }
}
