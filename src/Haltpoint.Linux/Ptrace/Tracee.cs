using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Arch.X86;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Registers;
using Haltpoint.Linux.Watchpoints;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

/// <summary>One traced thread: what the kernel does with it, what the debugger believes it does, and what is still to be told.</summary>
/// <remarks>On the ptrace thread only.</remarks>
internal sealed unsafe class Tracee(int thread, TraceeProcess process)
{
    /// <summary>What the kernel's debug registers hold as far as we wrote them; a new thread has none, whatever it answers .</summary>
    public DebugRegisterImage HeldDebugRegisters;

    /// <summary>The stop that is still to be reported, when <see cref="HasPending"/>.</summary>
    public StopEvent Pending;

    /// <summary>The last stop that the debugger was told, or a quiet one.</summary>
    public StopEvent LastStop;

    // Accesses of the instruction whose stop is being told, to other watchpoints.
    private readonly List<StopEvent> _further = [];
    private ulong _furtherProgramCounter;

    public int Thread => thread;

    public TraceeProcess Process => process;

    public ThreadId Id => new(process.Id, thread);

    public bool IsLeader => thread == process.Id;

    public ThreadRegisters Registers { get; } = new(thread);

    public ThreadStatFile Statistics { get; } = new(thread);

    public TraceeState State { get; set; }

    /// <summary>Of the stop it is in; meaningless while it runs.</summary>
    public WaitStatus Status { get; set; }

    /// <summary>The debugger lets it run and has not heard of a stop since.</summary>
    public bool IsResumed { get; set; }

    /// <summary>What the debugger wants of it while <see cref="IsResumed"/>.</summary>
    public ResumeKind Action { get; set; }

    public ulong RangeStart { get; set; }

    public ulong RangeEnd { get; set; }

    /// <summary>To be delivered when it runs next; 0 for none.</summary>
    public int Signal { get; set; }

    public bool HasPending { get; set; }

    /// <summary>Where the stop to report left the program counter: moved since by the debugger, a breakpoint there is no news.</summary>
    public ulong PendingProgramCounter { get; set; }

    /// <summary>The stop to report is the end of a step: resumed anew, the debugger has seen where it led and waits for none.</summary>
    public bool IsPendingStep { get; set; }

    public InterruptKind Interruption { get; set; }

    /// <summary>Its process is stopped by job control: resumed, it goes on waiting for SIGCONT.</summary>
    public bool IsInGroupStop { get; set; }

    /// <summary>Hit a breakpoint nobody is to hear of: it has to execute what is under the trap at its program counter.</summary>
    public bool NeedsStepOver { get; set; }

    /// <summary>Was let run for a single step: the kernel then raises a trap behind a system call too, however long that takes.</summary>
    public bool IsStepped { get; set; }

    /// <summary>Executes what is under a trap, which is out of memory meanwhile.</summary>
    public bool IsSteppingOver { get; set; }

    /// <summary>Waits in the kernel until its vfork child executes a program or ends: no interrupt reaches it.</summary>
    public bool IsInVfork { get; set; }

    /// <summary>Stopped at a fault of its instruction at a trapped page: the access has to be made for it before it runs on.</summary>
    public bool HasPageFault { get; set; }

    /// <summary>Stopped at the entry of a system call.</summary>
    public bool IsAtCall { get; set; }

    /// <summary>Its system call while pages are armed; kept for the next one.</summary>
    public TrappedCall? Call { get; set; }

    /// <summary>Stopped in a call that waits, until it can be tried again.</summary>
    public bool IsAwaitingTurn { get; set; }

    /// <summary>Before it runs on, the list of mappings that it has just opened under this descriptor is to be replaced; -1 for none.</summary>
    public int OpenedMaps { get; set; } = -1;

    /// <summary>A vfork child that waits to be let go; 0 for none.</summary>
    public int VforkChild { get; set; }

    /// <summary>Before it runs on, what probes need is to be armed: its vfork child is gone, or it mapped something there.</summary>
    public bool MustArmAgain { get; set; }

    /// <summary>What was disarmed later than this may still be news to it (see <see cref="Haltpoint.PageTraps.PageTrapTable"/>).</summary>
    public ulong TrapStamp { get; set; }

    /// <summary>First thread of a forked process whose fork the debugger has not been told of: to it there is no such process yet.</summary>
    public bool IsUntold { get; set; }

    public HeldSignals Held { get; } = new();

    /// <summary>Made with the memory of its process, and signal actions of its own (clone(2), CLONE_VM without CLONE_SIGHAND).</summary>
    public bool HasOwnActions { get; set; }

    /// <summary>Which of SIGSEGV and SIGTRAP the program has blocked in it, as in a mask; null when that is not followed.</summary>
    public ulong? BlockedFaults { get; set; }

    /// <summary>Which of them the handler will block that is started when it runs on with a signal.</summary>
    public ulong HandlerMask { get; set; }

    /// <summary>Which of them the kernel has unblocked for a fault or trap.</summary>
    public ulong Unblocked { get; set; }

    /// <summary>Its place in the guardian's table; -1 while nothing of it is there.</summary>
    public int GuardIndex { get; set; } = -1;

    /// <summary>Raw error of the last refused write to a debug register.</summary>
    public int DebugRegisterError { get; set; }

    public int IndexInProcess { get; set; }

    /// <summary>Its place among the running threads, -1 when it does not run.</summary>
    public int IndexInRunning { get; set; } = -1;

    /// <summary>Stopped because of a signal that waits for our word: only then can PTRACE_CONT and the like deliver one.</summary>
    public bool IsAtSignal => Status.Event == TraceEvent.None && (Status.StopSignal & WaitStatus.SyscallMark) == 0;

    public bool Ask(long request, ulong address, void* data) => Libc.Ptrace(request, thread, address, data) == 0;

    /// <returns>What the request counts, or -1.</returns>
    public long AskForCount(long request, void* address, void* data) => Libc.Ptrace(request, thread, (ulong)address, data);

    /// <summary>What PTRACE_GETEVENTMSG says of the event it is stopped at.</summary>
    public bool TryGetMessage(out ulong message)
    {
        ulong word = 0;
        bool got = Ask(TraceRequest.GetEventMessage, 0, &word);
        message = word;
        return got;
    }

    public bool TryGetSignalInfo(out SignalInfo info)
    {
        info = default;
        fixed (SignalInfo* into = &info)
        {
            return Ask(TraceRequest.GetSignalInfo, 0, into);
        }
    }

    /// <summary>Makes it stop soon; false when it is gone.</summary>
    public bool TryInterrupt() => Ask(TraceRequest.Interrupt, 0, null);

    public void Report(in StopEvent stop)
    {
        Pending = stop;
        Pending.Thread = Id;
        HasPending = true;
        PendingProgramCounter = 0;
        IsPendingStep = false;
    }

    /// <summary>Reports an access to watched bytes; one that is reported already is not told again for another address of the same instruction.</summary>
    public void ReportAccess(Watchpoint watchpoint, ulong address, StopReason reason)
    {
        StopEvent stop = new() { Kind = StopKind.Signal, Signal = SignalNumber.Trap, Reason = reason, Address = address };
        if (!HasPending)
        {
            Report(stop);
        }
        else if (!watchpoint.Contains(Pending.Address) && !_further.Exists(s => watchpoint.Contains(s.Address)))
        {
            _further.Add(stop);
            _furtherProgramCounter = Registers.ProgramCounter;
        }
    }

    /// <summary>Takes the next watchpoint that the same instruction hit: a stop names one address, and gdb looks at the watchpoints of that alone.</summary>
    /// <returns>False when there is none, or when the debugger has moved the thread since.</returns>
    public bool TryReportFurther()
    {
        if (_further.Count == 0)
        {
            return false;
        }

        if (Registers.ProgramCounter != _furtherProgramCounter)
        {
            _further.Clear();
            return false;
        }

        Report(_further[0]);
        _further.RemoveAt(0);
        return true;
    }

    public void Report(StopKind kind, int signal, StopReason reason = StopReason.None) =>
        Report(new StopEvent { Kind = kind, Signal = signal, Reason = reason });
}
