using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// qXfer:object:read:annex:offset,length and qXfer:object:write:annex:offset:data (gdb manual, "General Query Packets").
internal unsafe partial struct GdbServer<TTarget>
{
    private void Transfer(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        packet.TrySkip((byte)':');
        if (!TryObject(packet.Until((byte)':'), out ObjectKind kind))
        {
            return;
        }

        ReadOnlySpan<byte> direction = packet.Until((byte)':');
        ReadOnlySpan<byte> annex = packet.Until((byte)':');
        if (direction.SequenceEqual("read"u8))
        {
            ReadObject(ref target, kind, annex, ref packet, ref reply);
        }
        else if (direction.SequenceEqual("write"u8) && kind == ObjectKind.SignalInfo)
        {
            WriteObject(ref target, kind, annex, ref packet, ref reply);
        }
    }

    private void ReadObject(ref TTarget target, ObjectKind kind, scoped ReadOnlySpan<byte> annex, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!packet.TryHex(out ulong offset) || !packet.TrySkip((byte)',') || !packet.TryHex(out int length) || !packet.IsAtEnd)
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        // One byte more than asked tells whether there is more; 'm' or 'l' comes first.
        int room = reply.Room - 1;
        int wanted = length < room ? length + 1 : room;
        byte* raw = reply.End - wanted;
        Span<byte> into = new(raw, wanted);
        TryCurrentThread(ref target, out ThreadId thread);
        int read = kind == ObjectKind.Threads
            ? _threadList.Read(ref target, IsMultiprocess, offset, into)
            : TTarget.ReadObject(ref target, thread, kind, annex, offset, into);
        if (read < 0)
        {
            Refuse(ref target, ref reply, TargetStatus.NotFound, showsText: true);
            return;
        }

        if (kind == ObjectKind.Features)
        {
            _client |= ClientFeatures.Descriptions;
        }

        int given = Math.Min(read, length);
        byte* mark = reply.At;
        reply.Advance(1);
        reply.Advance(BinaryEscape.Encode(raw, given, reply.At, reply.End, out int taken));
        *mark = taken < read ? (byte)'m' : (byte)'l';
    }

    private readonly void WriteObject(ref TTarget target, ObjectKind kind, scoped ReadOnlySpan<byte> annex, ref PacketReader packet, ref ReplyWriter reply)
    {
        int length = -1;
        if (!packet.TryHex(out ulong offset) || !packet.TrySkip((byte)':') || (length = BinaryEscape.Decode(packet.Rest)) < 0)
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        TryCurrentThread(ref target, out ThreadId thread);
        int written = TTarget.WriteObject(ref target, thread, kind, annex, offset, packet.Rest[..length]);
        if (written < 0)
        {
            Refuse(ref target, ref reply, TargetStatus.NotFound, showsText: true);
            return;
        }

        reply.Hex((uint)written);
    }

    private static bool TryObject(scoped ReadOnlySpan<byte> name, out ObjectKind kind)
    {
        kind = ObjectKind.Threads;
        if (name.SequenceEqual("threads"u8))
        {
            return true;
        }

        if (name.SequenceEqual("features"u8))
        {
            kind = ObjectKind.Features;
        }
        else if (name.SequenceEqual("auxv"u8))
        {
            kind = ObjectKind.Auxv;
        }
        else if (name.SequenceEqual("exec-file"u8))
        {
            kind = ObjectKind.ExecFile;
        }
        else if (name.SequenceEqual("libraries-svr4"u8))
        {
            kind = ObjectKind.LibrariesSvr4;
        }
        else if (name.SequenceEqual("siginfo"u8))
        {
            kind = ObjectKind.SignalInfo;
        }
        else if (name.SequenceEqual("osdata"u8))
        {
            kind = ObjectKind.OsData;
        }
        else
        {
            return false;
        }

        return TTarget.HasObject(kind);
    }
}
