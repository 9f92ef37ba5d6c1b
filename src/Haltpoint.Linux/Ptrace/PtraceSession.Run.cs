using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

// Starting a program.
public sealed unsafe partial class PtraceSession
{
    /// <summary>Starts a program and leaves it before its first instruction, a stop with SIGTRAP ready to be taken.</summary>
    public TargetStatus Run(LaunchRequest request, out int process)
    {
        AssertThread();
        process = 0;
        using Spawn spawn = new(request);
        // Whatever a shell or wrapper does on its way is not the program's, so only execve stops until the program is there.
        int child = spawn.Start(TraceOptions.Exec | TraceOptions.ExitKill);
        if (child < 0)
        {
            return Refuse(TargetStatus.Refused, $"cannot start a process: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        _terminal.GiveTo(child);
        spawn.Release();
        WaitStatus end = AwaitProgram(child, spawn.ExecCount);
        if (!end.IsStopped)
        {
            _terminal.Restore();
            string reason = spawn.Failure() is { } failure ? failure + ". " : "";
            return Refuse(TargetStatus.Refused, reason + (end.IsExited
                ? $"During startup program exited with code {end.ExitCode}."
                : $"During startup program terminated with signal {end.EndSignal}."));
        }

        if (!TryTakeOver(child, TraceOptions.ExitKill, wasAttached: false, out Tracee? first))
        {
            bool isOutOfReach = Marshal.GetLastPInvokeError() is Errno.EACCES or Errno.EPERM;
            Libc.Kill(child, SignalNumber.Kill);
            AwaitEnd(child);
            _terminal.Restore();
            return Refuse(TargetStatus.Refused, isOutOfReach
                ? "the program may be executed but not read, so the kernel keeps its memory from us: make the file readable (chmod +r), or run haltpoint with sudo"
                : "the program was gone at once");
        }

        process = child;
        first.Status = end;
        first.Report(StopKind.Signal, SignalNumber.Trap);
        Announce(first);
        return TargetStatus.Ok;
    }

    private static WaitStatus AwaitProgram(int child, int execs)
    {
        while (true)
        {
            int word;
            if (Libc.Wait4(child, &word, Libc.WaitOwnTracees, null) != child)
            {
                if (Marshal.GetLastPInvokeError() == Errno.EINTR)
                {
                    continue;
                }

                return new WaitStatus(SignalNumber.Kill);
            }

            WaitStatus status = new(word);
            if (!status.IsStopped || (status.Event == TraceEvent.Exec && --execs == 0))
            {
                return status;
            }

            int signal = status.Event == TraceEvent.None ? status.StopSignal : 0;
            Libc.Ptrace(TraceRequest.Continue, child, 0, (void*)signal);
        }
    }
}
