using System;
using Haltpoint.Breakpoints;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// qSupported (gdb manual, "General Query Packets"): what the client can do, and what this server with this target can.
internal unsafe partial struct GdbServer<TTarget>
{
    private void Negotiate(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        const ClientFeatures Negotiated = ClientFeatures.Multiprocess | ClientFeatures.SoftwareBreak | ClientFeatures.HardwareBreak
            | ClientFeatures.ForkEvents | ClientFeatures.VforkEvents | ClientFeatures.ExecEvents | ClientFeatures.NoResumed | ClientFeatures.ErrorMessage
            | ClientFeatures.Descriptions;
        _client &= ~Negotiated;
        packet.TrySkip((byte)':');
        while (!packet.IsAtEnd)
        {
            _client |= Feature(packet.Until((byte)';'));
        }

        // gdb, which compares values; lldb knows no such stop reason, and tells its user of every write.
        TTarget.SetDropsUnchangedWrites(ref target, (_client & ClientFeatures.HardwareBreak) != 0);
        bool Has(ClientFeatures feature, ClientFeatures client) => (client & feature) != 0;
        if (TTarget.CanReportForks)
        {
            TTarget.SetForkEvents(ref target, Has(ClientFeatures.ForkEvents, _client), Has(ClientFeatures.VforkEvents, _client));
        }

        if (TTarget.CanReportExecs)
        {
            TTarget.SetExecEvents(ref target, Has(ClientFeatures.ExecEvents, _client));
        }

        if (TTarget.CanReportNoResumed)
        {
            TTarget.SetNoResumedEvents(ref target, Has(ClientFeatures.NoResumed, _client));
        }

        WriteFeatures(ref target, ref reply);
    }

    private static ClientFeatures Feature(scoped ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("multiprocess+"u8))
        {
            return ClientFeatures.Multiprocess;
        }

        if (name.SequenceEqual("swbreak+"u8))
        {
            return ClientFeatures.SoftwareBreak;
        }

        if (name.SequenceEqual("hwbreak+"u8))
        {
            return ClientFeatures.HardwareBreak;
        }

        if (name.SequenceEqual("fork-events+"u8))
        {
            return ClientFeatures.ForkEvents;
        }

        if (name.SequenceEqual("vfork-events+"u8))
        {
            return ClientFeatures.VforkEvents;
        }

        if (name.SequenceEqual("exec-events+"u8))
        {
            return ClientFeatures.ExecEvents;
        }

        if (name.SequenceEqual("no-resumed+"u8))
        {
            return ClientFeatures.NoResumed;
        }

        if (name.StartsWith("xmlRegisters="u8))
        {
            return ClientFeatures.Descriptions;
        }

        return name.SequenceEqual("error-message+"u8) ? ClientFeatures.ErrorMessage : ClientFeatures.None;
    }

    private readonly void WriteFeatures(ref TTarget target, ref ReplyWriter reply)
    {
        reply.Text("PacketSize="u8);
        reply.Hex((uint)_packetSize);
        reply.Text(";QStartNoAckMode+;multiprocess+;vContSupported+;binary-upload+;error-message+;qXfer:threads:read+"u8);
        if (TTarget.CanInsert(BreakpointKind.Software))
        {
            reply.Text(";swbreak+"u8);
            if (TTarget.CanEvaluate)
            {
                reply.Text(";ConditionalBreakpoints+;BreakpointCommands+"u8);
            }
        }

        if (TTarget.CanInsert(BreakpointKind.Hardware))
        {
            reply.Text(";hwbreak+"u8);
        }

        WriteObjectFeatures(ref reply);
        if (TTarget.CanNonStop)
        {
            reply.Text(";QNonStop+"u8);
        }

        if (TTarget.CanReportForks)
        {
            reply.Text(";fork-events+;vfork-events+"u8);
        }

        if (TTarget.CanReportExecs)
        {
            reply.Text(";exec-events+"u8);
        }

        if (TTarget.CanReportThreads)
        {
            reply.Text(";QThreadEvents+"u8);
        }

        if (TTarget.CanReportNoResumed)
        {
            reply.Text(";no-resumed+"u8);
        }

        if (TTarget.CanPassSignals)
        {
            reply.Text(";QPassSignals+;QProgramSignals+"u8);
        }

        if (TTarget.CanCatchSyscalls)
        {
            reply.Text(";QCatchSyscalls+"u8);
        }

        if (TTarget.CanManageProcesses)
        {
            reply.Text(";QStartupWithShell+;QDisableRandomization+;QEnvironmentHexEncoded+;QEnvironmentReset+;QEnvironmentUnset+;QSetWorkingDir+"u8);
        }
    }

    private static void WriteObjectFeatures(ref ReplyWriter reply)
    {
        if (TTarget.HasObject(ObjectKind.Features))
        {
            reply.Text(";qXfer:features:read+"u8);
        }

        if (TTarget.HasObject(ObjectKind.Auxv))
        {
            reply.Text(";qXfer:auxv:read+"u8);
        }

        if (TTarget.HasObject(ObjectKind.ExecFile))
        {
            reply.Text(";qXfer:exec-file:read+"u8);
        }

        if (TTarget.HasObject(ObjectKind.LibrariesSvr4))
        {
            reply.Text(";qXfer:libraries-svr4:read+;augmented-libraries-svr4-read+"u8);
        }

        if (TTarget.HasObject(ObjectKind.SignalInfo))
        {
            reply.Text(";qXfer:siginfo:read+;qXfer:siginfo:write+"u8);
        }

        if (TTarget.HasObject(ObjectKind.OsData))
        {
            reply.Text(";qXfer:osdata:read+"u8);
        }
    }
}
