using System;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Shell;
using Haltpoint.Ring0.Text;
using Haltpoint.Ring0.Threads;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Ring0.Debugging;

/// <summary>This machine for the gdb protocol: CPUs as the threads of one process, and, when asked for, the kernel's threads that are on none.</summary>
internal unsafe partial struct MachineTarget : ITarget<MachineTarget>
{
    public static bool CanStepRange => true;

    public static int ReadMemory(ref MachineTarget self, ThreadId thread, ulong address, Span<byte> into)
    {
        int length;
        fixed (byte* bytes = into)
        {
            length = (int)SafeMemory.Copy(bytes, (void*)address, (ulong)into.Length);
        }

        Debugger.Traps.Uncover(address, into[..length]);
        return length;
    }

    public static TargetStatus WriteMemory(ref MachineTarget self, ThreadId thread, ulong address, ReadOnlySpan<byte> bytes)
    {
        KernelMemory memory = default;
        return Debugger.Traps.Write(ref memory, address, bytes) == Haltpoint.Breakpoints.TrapStatus.Ok ? TargetStatus.Ok : TargetStatus.BadAddress;
    }

    public static bool TryNextThread(ref MachineTarget self, ref ThreadId cursor) => MachineThreads.TryNext(ref cursor);

    public static bool IsAlive(ref MachineTarget self, ThreadId thread) =>
        thread.Process == MachineThreads.Process && (MachineThreads.CpuOf(thread) >= 0 || MachineThreads.ParkedOf(thread) != null);

    public static int ReadThreadName(ref MachineTarget self, ThreadId thread, Span<byte> into)
    {
        int cpu = MachineThreads.CpuOf(thread);
        KernelThread* parked = MachineThreads.ParkedOf(thread);
        Line name = new(0, 0);
        if (cpu >= 0)
        {
            name.AppendLiteral("CPU ");
            name.AppendFormatted(cpu);
        }
        else if (parked != null)
        {
            name.AppendFormatted(parked->Name);
        }

        return Copy(name.Text, into);
    }

    public static int ReadThreadInfo(ref MachineTarget self, ThreadId thread, Span<byte> into)
    {
        int cpu = MachineThreads.CpuOf(thread);
        KernelThread* parked = MachineThreads.ParkedOf(thread);
        Line info = new(0, 0);
        if (cpu >= 0 && !Debugger.Roundup.IsStopped(cpu))
        {
            info.AppendLiteral("does not answer");
        }
        else if (cpu >= 0)
        {
            info.AppendLiteral("thread ");
            info.AppendFormatted(CpuTable.At(cpu)->Current->Id);
            info.AppendLiteral(" ");
            info.AppendFormatted(CpuTable.At(cpu)->Current->Name);
        }
        else if (parked != null)
        {
            info.AppendFormatted(ThreadList.StateName(parked->State));
        }

        return Copy(info.Text, into);
    }

    public static int LastCpu(ref MachineTarget self, ThreadId thread) => MachineThreads.CpuOf(thread);

    public static TargetStatus Resume(ref MachineTarget self, ReadOnlySpan<ResumeAction> actions) => Resumption.Decide(actions);

    public static void Interrupt(ref MachineTarget self) => Stops.QueueInterrupt();

    public static TargetStatus SetProgramCounter(ref MachineTarget self, ThreadId thread, ulong address) =>
        WriteRegister(ref self, thread, FrameRegisters.ProgramCounter, new ReadOnlySpan<byte>(&address, sizeof(ulong)));

    public static bool TryTakeStop(ref MachineTarget self, out StopEvent stop) => Stops.TryTake(out stop);

    public static bool TryGetStop(ref MachineTarget self, ThreadId thread, out StopEvent stop)
    {
        stop = new StopEvent { Thread = thread, Kind = StopKind.Signal };
        int cpu = MachineThreads.CpuOf(thread);
        if (cpu >= 0 && Debugger.Roundup.IsStopped(cpu))
        {
            Hits.Judge(cpu, ref Debugger.Cpu(cpu));
            stop = Debugger.Cpu(cpu).Stop;
            stop.Thread = thread;
            return true;
        }

        return MachineThreads.ParkedOf(thread) != null;
    }

    /// <summary>The machine runs on with nothing of the debugger in it.</summary>
    public static TargetStatus Detach(ref MachineTarget self, int process)
    {
        if (process != MachineThreads.Process)
        {
            return TargetStatus.NoSuchProcess;
        }

        if (!TryRemoveAll())
        {
            return Refuse(Refusal.Busy);
        }

        MachineThreads.IsAttached = false;
        return TargetStatus.Ok;
    }

    /// <summary>Removes every breakpoint and watchpoint of the debugger.</summary>
    /// <returns>False when a stopped CPU is handing out debug registers: those are still set.</returns>
    public static bool TryRemoveAll()
    {
        // Traps are out of memory while the debugger serves, so that nothing can fail to be put back.
        KernelMemory memory = default;
        Debugger.Traps.RemoveAll(ref memory);
        return Debugger.Slots.RemoveAll() == Haltpoint.Breakpoints.SlotStatus.Ok && CpuBanks.TryLayOut();
    }

    /// <summary>There is nothing to end: as a detach.</summary>
    public static TargetStatus Kill(ref MachineTarget self, int process) => Detach(ref self, process);

    public static int WasAttached(ref MachineTarget self, int process) => MachineThreads.IsAttached && process == MachineThreads.Process ? 1 : -1;

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> into)
    {
        int length = Math.Min(text.Length, into.Length);
        text[..length].CopyTo(into);
        return length;
    }
}
