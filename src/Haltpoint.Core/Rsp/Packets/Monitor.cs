using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// qRcmd (gdb manual, "General Query Packets"): text in O packets, then OK.
internal unsafe partial struct GdbServer<TTarget>
{
    private Answer RunMonitor(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!TTarget.HasMonitor)
        {
            return Answer.Reply;
        }

        if (!packet.TrySkip((byte)',') || !Rsp.Hex.TryDecode(packet.Rest, packet.Rest))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return Answer.Reply;
        }

        TryCurrentThread(ref target, out ThreadId thread);
        TargetStatus status = TTarget.RunMonitor(ref target, thread, packet.Rest[..(packet.Rest.Length / 2)]);
        if (status != TargetStatus.Ok)
        {
            Refuse(ref target, ref reply, status, showsText: true);
            return Answer.Reply;
        }

        _hasMonitorOutput = true;
        return Answer.Nothing;
    }

    /// <summary>Sends nothing more of a reply of several packets.</summary>
    public void AbandonOutput() => _hasMonitorOutput = false;

    private Answer ContinueMonitor(ref TTarget target, ref ReplyWriter reply)
    {
        int length = (reply.Room - 1) / 2;
        byte* raw = reply.At + 1 + length;
        int read = TTarget.ReadMonitorOutput(ref target, new Span<byte>(raw, length));
        if (read <= 0)
        {
            _hasMonitorOutput = false;
            if (read == 0)
            {
                reply.Text("OK"u8);
            }
            else
            {
                ErrorReply.WriteNumber(ref reply, TargetStatus.BadArgument);
            }

            return Answer.Reply;
        }

        reply.Byte((byte)'O');
        Rsp.Hex.Encode(raw, read, reply.At);
        reply.Advance(2 * read);
        return Answer.Reply;
    }
}
