using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Probing;
using Haltpoint.Linux.Ptrace;

namespace Haltpoint.Linux.Serving;

/// <summary>The state of a session as text for a person.</summary>
internal static class MonitorReport
{
    public static string Threads(PtraceSession session)
    {
        StringBuilder text = new();
        foreach (TraceeProcess process in session.Processes)
        {
            text.Append(CultureInfo.InvariantCulture, $"process {process.Id}, {(process.WasAttached ? "attached to" : "started")}, {process.Threads.Count} threads\n");
            foreach (Tracee tracee in process.Threads)
            {
                string armed = ArmedSlots(tracee.HeldDebugRegisters);
                text.Append(CultureInfo.InvariantCulture, $"  {tracee.Thread} {StateOf(tracee)}{armed}\n");
            }
        }

        return text.Length > 0 ? text.ToString() : "no processes\n";
    }

    public static string Breakpoints(PtraceSession session)
    {
        StringBuilder text = new();
        foreach (TraceeProcess process in session.Processes)
        {
            text.Append(CultureInfo.InvariantCulture, $"process {process.Id}\n");
            foreach (ulong address in process.Space.Traps())
            {
                text.Append(CultureInfo.InvariantCulture, $"  software breakpoint at 0x{address:x}\n");
            }

            for (int slot = 0; slot < HardwareBreakpoints.SlotCount; slot++)
            {
                AppendSlot(text, slot, process.Hardware.SlotAt(slot));
            }
        }

        return text.Length > 0 ? text.ToString() : "no processes\n";
    }

    public static string Statistics(ServerStatistics statistics) => string.Create(
        CultureInfo.InvariantCulture,
        $"{statistics.Uptime.TotalSeconds:F1} seconds, {statistics.Clients} clients, {statistics.Stops} stops, {statistics.BytesReceived} bytes received, {statistics.BytesSent} sent\n");

    public static string Machine()
    {
        StringBuilder text = new();
        foreach (Finding finding in Examination.Make().Findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(finding.State == FindingState.Good ? "ok " : "no ")} {finding.Name}: {finding.Text}\n");
        }

        return text.ToString();
    }

    private static string StateOf(Tracee tracee) => tracee.State switch
    {
        TraceeState.Running => "running",
        TraceeState.Exiting => "exiting",
        _ => tracee.HasPending ? "stopped, not told yet" : "stopped",
    };

    private static string ArmedSlots(in DebugRegisterImage held)
    {
        List<string> slots = [];
        for (int slot = 0; slot < HardwareBreakpoints.SlotCount; slot++)
        {
            if (held.Control.IsArmed(slot))
            {
                slots.Add($"DR{slot}");
            }
        }

        return slots.Count > 0 ? $", {string.Join(' ', slots)} armed" : "";
    }

    private static void AppendSlot(StringBuilder text, int slot, in HardwareSlot held)
    {
        text.Append(CultureInfo.InvariantCulture, $"  DR{slot} ");
        if (held.IsFree)
        {
            text.Append("free\n");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"{held.Access} of {held.Length} bytes at 0x{held.Address:x}\n");
        }
    }
}
