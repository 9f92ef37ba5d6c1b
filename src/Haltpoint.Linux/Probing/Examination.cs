using System.Collections.Generic;
using System.Linq;

namespace Haltpoint.Linux.Probing;

/// <summary>What this machine allows, as far as it can be read or tried without harm.</summary>
/// <remarks>Traces a child of its own for a moment: on a thread that may do so, before anything in this process waits for children.</remarks>
public sealed class Examination
{
    private Examination(IReadOnlyList<Finding> findings, IReadOnlyList<CpuSlots> slots)
    {
        Findings = findings;
        Slots = slots;
    }

    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>The debug registers that fired, for each CPU this process may use; empty when nothing could be traced.</summary>
    public IReadOnlyList<CpuSlots> Slots { get; }

    /// <summary>Nothing of the main job is missing.</summary>
    public bool IsAble => Findings.All(finding => finding.State != FindingState.Missing);

    public static Examination Make()
    {
        Privileges privileges = Privileges.Read();
        List<Finding> findings = [KernelProbe.Look(), .. TracingProbe.Look(privileges, out IReadOnlyList<CpuSlots> slots)];
        findings.AddRange(
        [
            PtraceScopeProbe.Look(privileges),
            PerfProbe.Look(privileges),
            PrivilegeProbe.LookAtCapabilities(privileges),
            PrivilegeProbe.LookAtSeccomp(privileges),
            ConfinementProbe.Look(),
            .. FeatureProbe.Look(),
        ]);
        return new Examination(findings, slots);
    }
}
