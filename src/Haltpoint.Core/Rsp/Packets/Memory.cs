using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// m, M, X and x (gdb manual, "Packets").
internal unsafe partial struct GdbServer<TTarget>
{
    private readonly void ReadMemory(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!TryMemoryOperands(ref target, ref packet, ref reply, out ThreadId thread, out ulong address, out int length))
        {
            return;
        }

        length = Math.Min(length, reply.Room / 2);

        // Into the end of where the digits will end, so that they are made in place.
        byte* raw = reply.At + length;
        int read = TTarget.ReadMemory(ref target, thread, address, new Span<byte>(raw, length));
        if (read <= 0 && length != 0)
        {
            Fail(ref reply, TargetStatus.BadAddress);
            return;
        }

        // Digits of a short read end before those bytes do, which keeps them clear of each other as well.
        Rsp.Hex.Encode(raw, read, reply.At);
        reply.Advance(2 * read);
    }

    /// <summary>Reads as binary data. A <c>b</c> goes first, except for lldb before 21, which asks with length 0 whether it is the reply alone.</summary>
    private void ReadMemoryBinary(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!TryMemoryOperands(ref target, ref packet, ref reply, out ThreadId thread, out ulong address, out int length))
        {
            return;
        }

        if (address == 0 && length == 0)
        {
            _client |= ClientFeatures.BareBinaryReads;
            reply.Text("OK"u8);
            return;
        }

        if ((_client & ClientFeatures.BareBinaryReads) == 0)
        {
            reply.Byte((byte)'b');
        }

        length = Math.Min(length, reply.Room);
        byte* raw = reply.End - length;
        int read = TTarget.ReadMemory(ref target, thread, address, new Span<byte>(raw, length));
        if (read <= 0 && length != 0)
        {
            Fail(ref reply, TargetStatus.BadAddress);
            return;
        }

        reply.Advance(BinaryEscape.Encode(raw, read, reply.At, reply.End, out _));
    }

    private readonly void WriteMemory(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!TryMemoryOperands(ref target, ref packet, ref reply, out ThreadId thread, out ulong address, out int length))
        {
            return;
        }

        if (!packet.TrySkip((byte)':') || packet.Rest.Length / 2 != length || !Rsp.Hex.TryDecode(packet.Rest, packet.Rest))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        WriteMemory(ref target, ref reply, thread, address, packet.Rest[..length]);
    }

    private readonly void WriteMemoryBinary(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!TryMemoryOperands(ref target, ref packet, ref reply, out ThreadId thread, out ulong address, out int length))
        {
            return;
        }

        if (!packet.TrySkip((byte)':') || BinaryEscape.Decode(packet.Rest) != length)
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        WriteMemory(ref target, ref reply, thread, address, packet.Rest[..length]);
    }

    private readonly void WriteMemory(ref TTarget target, ref ReplyWriter reply, ThreadId thread, ulong address, scoped ReadOnlySpan<byte> bytes) =>
        Conclude(ref target, ref reply, bytes.Length == 0 ? TargetStatus.Ok : TTarget.WriteMemory(ref target, thread, address, bytes));

    private readonly bool TryMemoryOperands(
        ref TTarget target, ref PacketReader packet, ref ReplyWriter reply, out ThreadId thread, out ulong address, out int length)
    {
        thread = ThreadId.None;
        if (!packet.TryAddressAndLength(out address, out length))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return false;
        }

        if (!TryCurrentThread(ref target, out thread))
        {
            Fail(ref reply, TargetStatus.NotRunning);
            return false;
        }

        return true;
    }
}
