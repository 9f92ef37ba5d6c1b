using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// qGetTLSAddr (gdb manual, "General Query Packets").
internal unsafe partial struct GdbServer<TTarget>
{
    private readonly void LocateThreadLocal(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!TTarget.CanLocate)
        {
            return;
        }

        if (!packet.TrySkip((byte)':') || !packet.TryThreadId(out ThreadId asked) || !packet.TrySkip((byte)',')
            || !packet.TryHex(out ulong offset) || !packet.TrySkip((byte)',') || !packet.TryHex(out ulong linkMap))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        if (!TryResolve(ref target, asked, out ThreadId thread))
        {
            Fail(ref reply, TargetStatus.NoSuchThread);
            return;
        }

        TargetStatus status = TTarget.LocateThreadLocal(ref target, thread, offset, linkMap, out ulong address);
        if (status == TargetStatus.Ok)
        {
            reply.Hex(address);
        }
        else
        {
            Refuse(ref target, ref reply, status);
        }
    }
}
