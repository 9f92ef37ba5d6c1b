using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Probing;
using Haltpoint.Linux.Procfs;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Why a process cannot be traced, in words for a person, with what to do.</summary>
internal static class AttachRefusal
{
    private const string ScopePath = "/proc/sys/kernel/yama/ptrace_scope";

    /// <summary>What the kernel would refuse without saying why: EPERM stands for half a dozen reasons (ptrace(2)).</summary>
    /// <returns>True when it makes no sense to ask it.</returns>
    public static bool Foresees(int process, ProcessStatus status, out TargetStatus refusal, out string reason)
    {
        refusal = TargetStatus.Refused;
        string? why = null;
        if (!status.Exists)
        {
            refusal = TargetStatus.NoSuchProcess;
            why = Error(Errno.ESRCH);
        }
        else if (process == Libc.GetPid())
        {
            why = "it is the debug server itself";
        }
        else if (status.Process != process)
        {
            why = $"it is a thread of process {status.Process}; attach to that";
        }
        else if (status.State is 'Z' or 'X')
        {
            why = $"it is a zombie: it has ended, and waits for its parent {status.Parent} to take note";
        }
        else if (status.Tracer != 0)
        {
            // The kernel names the thread that traces.
            int tracer = ProcessStatus.Read(status.Tracer).Process;
            refusal = TargetStatus.AlreadyTraced;
            why = $"it is being debugged by process {tracer} ({ProcessStatus.Name(tracer)}); detach that one first";
        }
        else if (status.IsKernelThread)
        {
            why = "it is a part of the kernel";
        }

        reason = why is null ? "" : Sentence(process, why);
        return why is not null;
    }

    /// <summary>What the kernel's error means for this process.</summary>
    public static TargetStatus Explain(int process, ProcessStatus status, int error, out string reason)
    {
        reason = Sentence(process, Error(error));
        if (error == Errno.ESRCH)
        {
            return TargetStatus.NoSuchProcess;
        }

        if (status.User != Libc.GetEffectiveUser())
        {
            reason += $"; it belongs to user {status.User}: run haltpoint as that user or with sudo";
        }
        else
        {
            reason += SystemFile.ReadNumber(ScopePath) switch
            {
                3 => "; kernel.yama.ptrace_scope is 3: nobody may attach until the machine is started again with another value",
                > 0 and int scope => $"; kernel.yama.ptrace_scope is {scope}: sudo sysctl kernel.yama.ptrace_scope=0, or run haltpoint with sudo",
                _ => "; 'haltpoint doctor' shows what this machine allows",
            };
        }

        return TargetStatus.NotPermitted;
    }

    // gdbserver's words.
    private static string Sentence(int process, string why) => $"Cannot attach to process {process}: {why}";

    private static string Error(int error) => $"{Marshal.GetPInvokeErrorMessage(error)} ({error})";
}
