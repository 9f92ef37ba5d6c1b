using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Probing;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Why the kernel does not let us trace a process, in words for a person.</summary>
internal static class AttachRefusal
{
    /// <param name="process">Who was asked for.</param>
    /// <param name="error">What PTRACE_SEIZE failed with; it says little, EPERM stands for half a dozen reasons (ptrace(2)).</param>
    /// <param name="reason">gdbserver's words, and what is behind them where it can be found out.</param>
    public static TargetStatus Explain(int process, int error, out string reason)
    {
        TargetStatus status = error == Errno.ESRCH ? TargetStatus.NoSuchProcess : TargetStatus.NotPermitted;
        reason = $"Cannot attach to process {process}: {Marshal.GetPInvokeErrorMessage(error)} ({error})";
        if (error == Errno.ESRCH || SystemFile.ReadText($"/proc/{process}/status") is not { } text)
        {
            return status;
        }

        int tracer = int.Parse(Field(text, "TracerPid"), CultureInfo.InvariantCulture);
        if (tracer != 0)
        {
            reason += $"; it is being debugged by process {tracer} ({SystemFile.ReadText($"/proc/{tracer}/comm")}): detach that one first";
            return TargetStatus.AlreadyTraced;
        }

        reason += Why(process, text);
        return status;
    }

    private static string Why(int process, string status)
    {
        if (process == Environment.ProcessId)
        {
            return "; it is the debug server itself";
        }

        if (Field(status, "State").StartsWith('Z'))
        {
            return $"; it has ended, and waits for its parent {Field(status, "PPid")} to take note";
        }

        if (Field(status, "VmSize").Length == 0)
        {
            return "; it is a part of the kernel";
        }

        if (Field(status, "Uid") != Field(File.ReadAllText("/proc/self/status"), "Uid"))
        {
            return "; it belongs to another user: run haltpoint as that user or with sudo";
        }

        return SystemFile.ReadNumber("/proc/sys/kernel/yama/ptrace_scope") is > 0 and int scope
            ? $"; kernel.yama.ptrace_scope is {scope}: sudo sysctl kernel.yama.ptrace_scope=0, or run haltpoint with sudo"
            : "; 'haltpoint doctor' shows what this machine allows";
    }

    /// <summary>The words after a name in /proc/PID/status (proc_pid_status(5)); empty when it has no such line.</summary>
    private static string Field(string status, string name)
    {
        foreach (ReadOnlySpan<char> line in status.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name) && line[name.Length] == ':')
            {
                return line[(name.Length + 1)..].Trim().ToString();
            }
        }

        return "";
    }
}
