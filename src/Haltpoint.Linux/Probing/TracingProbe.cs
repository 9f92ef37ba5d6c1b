using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Probing;

/// <summary>Starts a program under ptrace and tries the debug registers on it, CPU by CPU.</summary>
internal static class TracingProbe
{
    public static IEnumerable<Finding> Look(Privileges privileges, out IReadOnlyList<CpuSlots> slots)
    {
        slots = [];
        using PtraceSession session = new();
        LaunchRequest request = new()
        {
            Arguments = ["/bin/true"u8.ToArray()],
            Environment = [],
            IsThroughShell = false,
        };
        if (session.Run(request, out int process) != TargetStatus.Ok)
        {
            string fix = privileges.SeccompMode == 0
                ? "run as root, or see ptrace_scope below"
                : "in a container: docker run --cap-add=SYS_PTRACE --security-opt seccomp=unconfined ...";
            return [new Finding("ptrace", FindingState.Missing, $"a program can't be started under ptrace: {session.LastError}", fix)];
        }

        slots = new DebugRegisterProbe(process).Measure();
        session.Kill(process);
        return [new Finding("ptrace", FindingState.Good, "programs can be started and stopped"), Judge(slots)];
    }

    private static Finding Judge(IReadOnlyList<CpuSlots> slots)
    {
        const string Name = "debug registers";
        List<CpuSlots> weak = [.. slots.Where(cpu => cpu.Working.Count < DebugRegisterProbe.SlotCount)];
        if (weak.Count == 0)
        {
            return new Finding(Name, FindingState.Good, $"all {DebugRegisterProbe.SlotCount} stop a program, on each of {slots.Count} CPUs");
        }

        string list = string.Join(", ", weak.Select(cpu => string.Create(CultureInfo.InvariantCulture, $"CPU {cpu.Cpu}: {cpu.Working.Count} of {DebugRegisterProbe.SlotCount}")));
        return weak.Any(cpu => cpu.Working.Count == 0)
            ? new Finding(Name, FindingState.Missing, $"watchpoints don't stop a program ({list})", "use a machine whose hypervisor passes debug registers through, or real hardware")
            : new Finding(Name, FindingState.Limited, $"some are held by others or broken ({list})", "end other users of debug registers: look for 'perf record -e mem:'");
    }
}
