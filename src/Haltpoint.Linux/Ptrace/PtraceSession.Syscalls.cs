using System;
using System.Collections.Generic;
using Haltpoint.Linux.Registers;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// System call stops.
public sealed unsafe partial class PtraceSession
{
    // struct ptrace_syscall_info begins with the kind of stop.
    private const int SyscallInfoLength = 88;
    private const byte SyscallEntry = 1;

    internal static TargetStatus CatchSyscalls(TraceeProcess process, bool on, ReadOnlySpan<int> numbers)
    {
        process.CaughtSyscalls = on ? new HashSet<int>() : null;
        foreach (int number in numbers)
        {
            process.CaughtSyscalls?.Add(number);
        }

        return TargetStatus.Ok;
    }

    private void OnSyscall(Tracee tracee)
    {
        byte* info = stackalloc byte[SyscallInfoLength];
        if (tracee.AskForCount(TraceRequest.GetSyscallInfo, (void*)SyscallInfoLength, info) <= 0)
        {
            return;
        }

        tracee.IsAtCall = *info == SyscallEntry;
        if (!tracee.IsAtCall)
        {
            OnCallExit(tracee);
            NoteOpened(tracee);
        }

        if (!tracee.IsAtCall && tracee.Action is ResumeKind.Step or ResumeKind.StepRange && !tracee.HasPending)
        {
            // A step over the instruction that makes the call, which had to be seen at both ends.
            OnStep(tracee);
        }

        if (tracee.HasPending || tracee.Process.CaughtSyscalls is not { } caught || !tracee.Registers.TryRead(UserRegister.OrigRax, out ulong number))
        {
            return;
        }

        if (caught.Count == 0 || caught.Contains((int)number))
        {
            tracee.Report(new StopEvent
            {
                Kind = *info == SyscallEntry ? StopKind.SyscallEntry : StopKind.SyscallReturn,
                Signal = SignalNumber.Trap,
                Code = (int)number,
            });
        }
    }
}
