using System.Globalization;
using System.Text;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Watchpoints;

/// <summary>Why a hardware breakpoint or watchpoint cannot be had, in words for a person.</summary>
internal static class WatchpointRefusals
{
    /// <summary>Why the kernel refused to program a thread. ENOSPC comes from its own accounting of the slots (A.5).</summary>
    public static TargetStatus Explain(Tracee refusing, out string reason)
    {
        int error = refusing.DebugRegisterError;
        reason = error switch
        {
            Errno.ENOSPC => "no debug register is free: perf events (perf record -e mem:, another tracer's watch) hold them on this machine; "
                + "end them",
            Errno.EINVAL => "the kernel watches no address of its own for a process",
            _ => $"the kernel refused the debug registers of thread {refusing.Thread}: error {error}",
        };
        return error == Errno.ENOSPC ? TargetStatus.NoSlot : error == Errno.EINVAL ? TargetStatus.BadAddress : TargetStatus.Refused;
    }

    /// <summary>Who has the debug registers.</summary>
    public static string Describe(in HardwareBreakpoints held)
    {
        int free = held.FreeSlots;
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{free} of {HardwareBreakpoints.SlotCount} debug registers are free; the others hold");
        for (int i = 0; i < held.RequestCount; i++)
        {
            HardwareRequest request = held.RequestAt(i);
            string what = request.Kind switch
            {
                BreakpointKind.Hardware => "a breakpoint",
                BreakpointKind.WriteWatch => "a write watchpoint",
                _ => "an access watchpoint",
            };
            string length = request.Kind == BreakpointKind.Hardware ? "" : $" of {request.Length} bytes";
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")} {what}{length} at 0x{request.Address:x}");
        }

        return held.RequestCount == 0 ? "the range needs more than the 4 debug registers there are" : text.ToString();
    }
}
