using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.Ptrace;

// Making one thread execute something while nobody else sees it stop or run.
public sealed unsafe partial class PtraceSession
{
    private const int RegisterCount = (int)UserRegister.Gs + 1;
    private const ulong NoCall = ulong.MaxValue;
    private const long CallFailure = -4096;

    /// <summary>Makes a stopped thread execute the instruction at its program counter, and waits for the end of it.</summary>
    /// <remarks>
    /// What comes in between is put off: signals are held until the thread runs on, interrupts are not needed by anybody, because
    /// the thread is stopped again when this returns. An instruction that is no call waits for nobody but the kernel, which has to
    /// fetch memory.
    /// </remarks>
    /// <param name="tracee">Stopped.</param>
    /// <param name="request">How: by a step or, when it is a call that may take long, from the entry stop to the exit stop. A thread whose tracer
    /// dies runs on behind those, and gets the signal of a step.</param>
    /// <param name="patience">In ticks of <see cref="Stopwatch"/>: a call that waits longer is broken off, if the kernel lets it be.</param>
    private StepEnd StepToEnd(Tracee tracee, long request = TraceRequest.SingleStep, long patience = Unlimited)
    {
        long deadline = patience == Unlimited ? Unlimited : Stopwatch.GetTimestamp() + patience;
        if (tracee.Signal != 0)
        {
            HoldSignal(tracee);
        }

        tracee.Registers.TryFlush();
        tracee.Registers.Invalidate();
        tracee.Ask(request, 0, null);
        while (true)
        {
            if (!TryAwaitStatus(tracee, out WaitStatus status, deadline))
            {
                return StepEnd.Gone;
            }

            if (!status.IsStopped || status.Event is TraceEvent.Exit or TraceEvent.Exec)
            {
                Absorb(tracee.Thread, status);
                return StepEnd.Gone;
            }

            if (status.Event is TraceEvent.Clone or TraceEvent.Fork or TraceEvent.Vfork)
            {
                OnBirth(tracee, status.Event);
            }
            else if (status is { Event: TraceEvent.None, StopSignal: SignalNumber.Trap | WaitStatus.SyscallMark })
            {
                tracee.Status = status;
                if (!IsAtEntry(tracee))
                {
                    return StepEnd.Done;
                }
            }
            else if (status.Event == TraceEvent.None)
            {
                tracee.Status = status;
                if (!tracee.TryGetSignalInfo(out SignalInfo info))
                {
                    // Killed in its stop: the end is on the way.
                    continue;
                }

                if (status.StopSignal == SignalNumber.Trap && info.Code is SignalInfo.CallTrap or SignalInfo.TraceTrap or SignalInfo.HardwareTrap)
                {
                    return StepEnd.Done;
                }

                if (IsFault(status.StopSignal, info))
                {
                    return StepEnd.Fault;
                }

                Hold(tracee, status.StopSignal, info);
            }

            tracee.Ask(request, 0, null);
        }
    }

    /// <summary>Makes a stopped thread go on to the end of the system call that it is in or before, without a signal that tells so.</summary>
    /// <remarks>The interrupt stops it where the kernel looks after its registers for whether a call is to begin again.</remarks>
    private StepEnd CallToEnd(Tracee tracee, bool isInCall)
    {
        if (tracee.Signal != 0)
        {
            HoldSignal(tracee);
        }

        tracee.Registers.TryFlush();
        tracee.Registers.Invalidate();
        while (true)
        {
            if (isInCall)
            {
                tracee.TryInterrupt();
            }

            tracee.Ask(isInCall ? TraceRequest.Continue : TraceRequest.SystemCall, 0, null);
            if (!TryAwaitStatus(tracee, out WaitStatus status))
            {
                return StepEnd.Gone;
            }

            if (!status.IsStopped || status.Event is TraceEvent.Exit or TraceEvent.Exec)
            {
                Absorb(tracee.Thread, status);
                return StepEnd.Gone;
            }

            tracee.Status = status;
            if (status.Event == TraceEvent.Stop && isInCall)
            {
                return StepEnd.Done;
            }

            if (status.Event is TraceEvent.Clone or TraceEvent.Fork or TraceEvent.Vfork)
            {
                OnBirth(tracee, status.Event);
            }
            else if (IsAtEntry(tracee))
            {
                isInCall = true;
            }
            else if (tracee.IsAtSignal && tracee.TryGetSignalInfo(out SignalInfo info))
            {
                Hold(tracee, status.StopSignal, info);
            }
        }
    }

    // One that was sent anew and comes before its time is as it was before that.
    private static void Hold(Tracee tracee, int signal, in SignalInfo info)
    {
        if (!tracee.Held.TryTakeSent(signal) || !tracee.Held.Has(signal))
        {
            tracee.Held.Add(signal, info);
        }
    }

    private static bool IsFault(int signal, in SignalInfo info) =>
        (signal is SignalNumber.Segment or SignalNumber.Bus or SignalNumber.FloatingPoint or SignalNumber.Illegal && info.Code > 0)
        || (signal == SignalNumber.Trap && info.Code == SignalInfo.Kernel);

    /// <summary>The next status of one thread; false when it executes nothing any more.</summary>
    /// <remarks>Of a killed process the first thread's end is told only when all others' have been taken, which whoever waits for stops does.</remarks>
    private bool TryAwaitStatus(Tracee tracee, out WaitStatus status, long deadline = Unlimited)
    {
        for (int looks = 0; ; looks++)
        {
            if (TryReap(tracee.Thread, out int found, out status))
            {
                return true;
            }

            if (found < 0)
            {
                RemoveThread(tracee);
                return false;
            }

            if (looks < YieldsBeforeSleep)
            {
                Libc.SchedYield();
            }
            else
            {
                Libc.Poll(null, 0, 1);
                char state = ThreadStat.ReadState(tracee.Thread);
                if (state == 'Z')
                {
                    SetState(tracee, TraceeState.Exiting);
                    return false;
                }

                // S: in a wait that a signal would end as well. One that works is let work.
                if (state == 'S' && Stopwatch.GetTimestamp() >= deadline)
                {
                    tracee.TryInterrupt();
                    deadline = Unlimited;
                }
            }
        }
    }

    /// <summary>Makes a stopped thread execute a system call of ours; its registers and the signal it is stopped for are as before.</summary>
    /// <remarks>
    /// Only a stop for a signal lets the kernel deliver one, so a thread that is in such a stop gets into one again, by a single step.
    /// The SIGTRAP of a step would end that it is ignored; a process that does ignore it loses the signal's stop instead.
    /// </remarks>
    /// <returns>The kernel's result, negative for an error; false when the thread is gone.</returns>
    private bool TryCall(
        Tracee tracee, long number, out long result, ulong a0 = 0, ulong a1 = 0, ulong a2 = 0, ulong a3 = 0, ulong a4 = 0, ulong a5 = 0)
    {
        result = -Errno.ESRCH;
        Span<ulong> saved = stackalloc ulong[RegisterCount];
        if (!TryLeaveCall(tracee) || !tracee.Registers.TryReadGeneral(out ReadOnlySpan<ulong> words))
        {
            return false;
        }

        words.CopyTo(saved);
        WaitStatus status = tracee.Status;
        bool isAtSignal = tracee.IsAtSignal && !tracee.Process.IgnoresTraps;
        SignalInfo info = default;
        if (isAtSignal)
        {
            tracee.TryGetSignalInfo(out info);
        }

        ThreadRegisters registers = tracee.Registers;
        registers.TryWrite(UserRegister.Rip, tracee.Process.Space.NeedPageTraps().SystemCallInstruction);
        registers.TryWrite(UserRegister.OrigRax, NoCall);
        registers.TryWrite(UserRegister.Rax, (ulong)number);
        registers.TryWrite(UserRegister.Rdi, a0);
        registers.TryWrite(UserRegister.Rsi, a1);
        registers.TryWrite(UserRegister.Rdx, a2);
        registers.TryWrite(UserRegister.R10, a3);
        registers.TryWrite(UserRegister.R8, a4);
        registers.TryWrite(UserRegister.R9, a5);
        KeepRegisters(tracee, saved);
        StepEnd end = isAtSignal ? StepAlone(tracee) : CallToEnd(tracee, isInCall: false);
        if (end == StepEnd.Gone)
        {
            return false;
        }

        registers.TryRead(UserRegister.Rax, out ulong value);
        result = (long)value;
        RestoreNow(tracee, saved);
        if (isAtSignal)
        {
            // The signal it was stopped for can be told and delivered as if nothing had been.
            tracee.Ask(TraceRequest.SetSignalInfo, 0, &info);
            tracee.Status = status;
        }

        return end == StepEnd.Done;
    }

    private static bool IsError(long result) => result is < 0 and > CallFailure;

    private static void Restore(Tracee tracee, ReadOnlySpan<ulong> saved)
    {
        for (int i = 0; i < RegisterCount; i++)
        {
            tracee.Registers.TryWrite((UserRegister)i, saved[i]);
        }
    }

    // Where the thread may come to run on without us, not only when it is resumed.
    private static void RestoreNow(Tracee tracee, ReadOnlySpan<ulong> saved)
    {
        Restore(tracee, saved);
        if (tracee.Process.Space.Guard is not null)
        {
            tracee.Registers.TryFlush();
            ForgetRecord(tracee, isEnteringCall: true);
        }
    }

    /// <summary>Takes a thread that is stopped at the entry of a system call back to before the instruction that makes it.</summary>
    /// <remarks>
    /// From there it can be made to execute anything; what it would have called, it calls when it runs on. Both instructions that
    /// call the kernel are two bytes long.
    /// </remarks>
    private bool TryLeaveCall(Tracee tracee)
    {
        if (tracee.Status.Event is TraceEvent.Clone or TraceEvent.Fork or TraceEvent.VforkDone or TraceEvent.Exec)
        {
            // In the middle of a call, whose result would overwrite what is put into the registers.
            bool isDone = CallToEnd(tracee, isInCall: true) == StepEnd.Done;
            OnCallExit(tracee);
            return isDone;
        }

        if (!IsAtEntry(tracee))
        {
            return true;
        }

        Span<ulong> saved = stackalloc ulong[RegisterCount];
        if (!tracee.Registers.TryReadGeneral(out ReadOnlySpan<ulong> words))
        {
            return false;
        }

        words.CopyTo(saved);
        tracee.Registers.TryWrite(UserRegister.OrigRax, NoCall);
        const int callLength = 2;
        saved[(int)UserRegister.Rax] = saved[(int)UserRegister.OrigRax];
        saved[(int)UserRegister.OrigRax] = NoCall;
        saved[(int)UserRegister.Rip] -= callLength;
        KeepRegisters(tracee, saved);
        if (CallToEnd(tracee, isInCall: true) != StepEnd.Done)
        {
            return false;
        }

        RestoreNow(tracee, saved);
        tracee.IsAtCall = false;
        return true;
    }

    /// <summary>Whether the thread is stopped where a system call begins.</summary>
    private static bool IsAtEntry(Tracee tracee)
    {
        byte* info = stackalloc byte[SyscallInfoLength];
        return tracee.Status.Event == TraceEvent.None && tracee.Status.StopSignal == (SignalNumber.Trap | WaitStatus.SyscallMark)
            && tracee.AskForCount(TraceRequest.GetSyscallInfo, (void*)SyscallInfoLength, info) > 0
            && *info == SyscallEntry;
    }
}
