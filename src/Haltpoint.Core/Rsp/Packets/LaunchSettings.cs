using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// QStartupWithShell, QDisableRandomization, QEnvironment*, QSetWorkingDir (gdb manual, "General Query Packets"), and lldb's names for them.
internal unsafe partial struct GdbServer<TTarget>
{
    private readonly void SetStartupWithShell(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (TryFlag(ref packet, ref reply, out bool on))
        {
            Conclude(ref target, ref reply, TTarget.SetStartupWithShell(ref target, on));
        }
    }

    private readonly void SetDisableRandomization(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (TryFlag(ref packet, ref reply, out bool on))
        {
            Conclude(ref target, ref reply, TTarget.SetDisableRandomization(ref target, on));
        }
    }

    /// <summary>NAME=VALUE to set, NAME to unset.</summary>
    private readonly void SetEnvironment(ref TTarget target, ref PacketReader packet, bool isHex, ref ReplyWriter reply)
    {
        packet.TrySkip((byte)':');
        Span<byte> assignment = packet.Rest;
        if (isHex && !TryDecodeInPlace(ref assignment))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        Conclude(ref target, ref reply, assignment.Length == 0 ? TargetStatus.BadArgument : TTarget.SetEnvironment(ref target, assignment));
    }

    private readonly void ResetEnvironment(ref TTarget target, ref ReplyWriter reply) =>
        Conclude(ref target, ref reply, TTarget.ResetEnvironment(ref target));

    private readonly void SetWorkingDirectory(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        packet.TrySkip((byte)':');
        Span<byte> path = packet.Rest;
        if (!TryDecodeInPlace(ref path))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        Conclude(ref target, ref reply, TTarget.SetWorkingDirectory(ref target, path));
    }

    private static bool TryDecodeInPlace(ref Span<byte> digits)
    {
        if (!Rsp.Hex.TryDecode(digits, digits))
        {
            return false;
        }

        digits = digits[..(digits.Length / 2)];
        return true;
    }

    /// <summary>":0" or ":1" to the end of the packet; any other is answered here.</summary>
    private readonly bool TryFlag(ref PacketReader packet, ref ReplyWriter reply, out bool on)
    {
        on = false;
        if (packet.TrySkip((byte)':') && packet.TryHex(out int flag) && packet.IsAtEnd && flag <= 1)
        {
            on = flag != 0;
            return true;
        }

        Fail(ref reply, TargetStatus.BadArgument);
        return false;
    }
}
