using System;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Watchdogs;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Ring0.Debugging;

/// <summary>How the machine goes on: decided by the client, prepared at the end of the conversation, done by the round-up. Of the master alone.</summary>
internal static unsafe class Resumption
{
    private const ulong ResumeFlag = 1 << 16;

    private static bool s_hasHeir;
    private static int s_heir;

    public static bool IsDecided { get; private set; }

    public static void Forget()
    {
        IsDecided = false;
        s_hasHeir = false;
    }

    /// <summary>Asks for another CPU to go on with the conversation.</summary>
    /// <returns>False for one that cannot.</returns>
    public static bool TryChooseHeir(int cpu)
    {
        bool isPossible = cpu != Debugger.Roundup.Active && (uint)cpu < (uint)CpuTable.Count && Debugger.Roundup.IsStopped(cpu);
        s_heir = cpu;
        s_hasHeir = isPossible;
        return isPossible;
    }

    /// <summary>Hands over where that was asked for. The port has to be left alone from then on: the other CPU may use it at once.</summary>
    public static bool TryHandOver(int master)
    {
        bool hasHeir = s_hasHeir;
        s_hasHeir = false;
        return hasHeir && Debugger.Roundup.TryHandOver(ref Debugger.Machine, master, s_heir);
    }

    /// <summary>The client is gone.</summary>
    public static void All()
    {
        Stops.Forget();
        PlanAll();
        IsDecided = true;
    }

    /// <summary>Nobody is held: also the decision that stands before the first client, or a stray byte would stop the machine for good.</summary>
    public static void PlanAll()
    {
        for (int cpu = 0; cpu < CpuTable.Count; cpu++)
        {
            Debugger.Cpu(cpu).IsPlanned = true;
            Debugger.Cpu(cpu).Plan = ResumeKind.Continue;
        }
    }

    /// <summary>The last decision stands: the stop had nothing to tell.</summary>
    public static void AsBefore() => IsDecided = true;

    public static TargetStatus Decide(ReadOnlySpan<ResumeAction> actions)
    {
        bool isAny = false;
        for (int cpu = 0; cpu < CpuTable.Count; cpu++)
        {
            ref StoppedCpu stopped = ref Debugger.Cpu(cpu);
            stopped.IsPlanned = false;
            foreach (ResumeAction action in actions)
            {
                if (action.Threads.Covers(MachineThreads.OfCpu(cpu)))
                {
                    stopped.IsPlanned = action.Kind != ResumeKind.Stop;
                    stopped.Plan = action.Kind;
                    stopped.RangeStart = action.Start;
                    stopped.RangeEnd = action.End;

                    // A trap is the debugger's own; any other signal that comes back is for the kernel.
                    stopped.IsPassedOn = stopped.Cause == StopCause.Fault && action.Signal != 0;
                    break;
                }
            }

            isAny |= stopped.IsPlanned && Debugger.Roundup.IsOnline(cpu);
        }

        if (!isAny)
        {
            return TargetStatus.NotRunning;
        }

        // What others ran into meanwhile is told first, and nothing runs.
        IsDecided = !Stops.TryQueue() && !TryEndSteps();
        return TargetStatus.Ok;
    }

    /// <summary>Everything that has to be in place before the first CPU goes.</summary>
    public static void Prepare(int master)
    {
        ulong stepThread = 0;
        for (int cpu = 0; cpu < CpuTable.Count; cpu++)
        {
            ref StoppedCpu stopped = ref Debugger.Cpu(cpu);
            if (stopped.IsPlanned && Debugger.Roundup.IsStopped(cpu) && stopped.Frame != null)
            {
                ulong thread = Prepare(cpu, ref stopped);
                stepThread = stepThread == 0 ? thread : stepThread;
            }
        }

        for (int cpu = 0; cpu < CpuTable.Count; cpu++)
        {
            ref StoppedCpu stopped = ref Debugger.Cpu(cpu);
            if (!stopped.IsPlanned)
            {
                Debugger.Roundup.Keep(cpu);
            }
            else if (stepThread != 0 && stopped.Plan == ResumeKind.Continue)
            {
                Debugger.Roundup.Linger(cpu);
            }
        }

        Debugger.Traps.ForgetRemoved();
        KernelMemory memory = default;
        for (int i = 0; i < Debugger.Traps.Count; i++)
        {
            if (!InnerTraps.Contains(Debugger.Traps[i].Address))
            {
                Debugger.Traps.Plant(ref memory, Debugger.Traps[i].Address);
            }
        }

        // Before the first CPU goes: it looks at the others.
        Touches.Leave();
        Debugger.Roundup.Resume(master, stepThread);
    }

    // Returns the thread that steps on the CPU, or 0.
    private static ulong Prepare(int cpu, ref StoppedCpu stopped)
    {
        if (stopped.PassAddress != 0 && stopped.Frame->Rip == stopped.PassAddress)
        {
            // For one instruction the processor takes no breakpoint on it (SDM volume 3, section 17.3.1.1).
            stopped.Frame->Rflags |= ResumeFlag;
        }

        if (stopped.Plan == ResumeKind.Continue)
        {
            return 0;
        }

        SingleStep.Begin(cpu, stopped.Frame, CpuTable.At(cpu)->Current);
        return MachineRoundup.ThreadOn(ref Debugger.Machine, cpu);
    }

    // A step over an instruction that sleeps is over at once, and its stop is told before anything runs.
    private static bool TryEndSteps()
    {
        for (int cpu = 0; cpu < CpuTable.Count; cpu++)
        {
            ref StoppedCpu stopped = ref Debugger.Cpu(cpu);
            bool steps = stopped.IsPlanned && stopped.Plan != ResumeKind.Continue && Debugger.Roundup.IsStopped(cpu) && stopped.Frame != null;
            if (steps && SingleStep.TrySkipHalt(stopped.Frame))
            {
                Stops.QueueStep(cpu);
                return true;
            }
        }

        return false;
    }
}
