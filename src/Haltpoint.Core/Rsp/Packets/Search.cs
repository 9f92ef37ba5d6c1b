using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// qSearch:memory and qCRC (gdb manual, "General Query Packets"): work on memory that is not worth sending.
internal unsafe partial struct GdbServer<TTarget>
{
    private readonly void SearchMemory(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!packet.TrySkip(":memory:"u8))
        {
            return;
        }

        int patternLength = -1;
        if (!packet.TryHex(out ulong address) || !packet.TrySkip((byte)';') || !packet.TryHex(out ulong length)
            || !packet.TrySkip((byte)';') || (patternLength = BinaryEscape.Decode(packet.Rest)) <= 0)
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        if (!TryCurrentThread(ref target, out ThreadId thread))
        {
            Fail(ref reply, TargetStatus.NotRunning);
            return;
        }

        ReadOnlySpan<byte> pattern = packet.Rest[..patternLength];
        Span<byte> window = reply.Free;
        if (window.Length < 2 * patternLength)
        {
            Fail(ref reply, TargetStatus.NoMemory);
            return;
        }

        switch (Search(ref target, thread, ref address, length, pattern, window))
        {
            case TargetStatus.Ok:
                reply.Text("1,"u8);
                reply.Hex(address);
                break;
            case TargetStatus.NotFound:
                reply.Byte((byte)'0');
                break;
            default:
                Fail(ref reply, TargetStatus.BadAddress);
                break;
        }
    }

    /// <summary>Looks for the pattern window by window; each begins with the end of the one before, where the pattern may have begun.</summary>
    private static TargetStatus Search(
        ref TTarget target, ThreadId thread, ref ulong address, ulong length, scoped ReadOnlySpan<byte> pattern, Span<byte> window)
    {
        int held = 0;
        while (length >= (uint)(pattern.Length - held))
        {
            int wanted = (int)Math.Min(length, (ulong)(window.Length - held));
            int read = TTarget.ReadMemory(ref target, thread, address + (uint)held, window.Slice(held, wanted));
            int end = held + read;
            int found = IndexOf(window[..end], pattern);
            if (found >= 0)
            {
                address += (uint)found;
                return TargetStatus.Ok;
            }

            if (read < wanted)
            {
                return TargetStatus.BadAddress;
            }

            length -= (uint)wanted;
            held = pattern.Length - 1;
            address += (uint)(end - held);
            window.Slice(end - held, held).CopyTo(window);
            if (length == 0)
            {
                break;
            }
        }

        return TargetStatus.NotFound;
    }

    private static int IndexOf(ReadOnlySpan<byte> bytes, scoped ReadOnlySpan<byte> pattern)
    {
        byte first = pattern[0];
        for (int i = 0; i <= bytes.Length - pattern.Length; i++)
        {
            if (bytes[i] == first && bytes.Slice(i, pattern.Length).SequenceEqual(pattern))
            {
                return i;
            }
        }

        return -1;
    }

    private readonly void SumMemory(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!packet.TrySkip((byte)':') || !packet.TryHex(out ulong address) || !packet.TrySkip((byte)',') || !packet.TryHex(out ulong length))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        if (!TryCurrentThread(ref target, out ThreadId thread))
        {
            Fail(ref reply, TargetStatus.NotRunning);
            return;
        }

        Crc32 sum = new();
        Span<byte> window = reply.Free;
        while (length != 0)
        {
            int wanted = (int)Math.Min(length, (ulong)window.Length);
            if (TTarget.ReadMemory(ref target, thread, address, window[..wanted]) < wanted)
            {
                Fail(ref reply, TargetStatus.BadAddress);
                return;
            }

            sum.Add(window[..wanted]);
            address += (uint)wanted;
            length -= (uint)wanted;
        }

        reply.Byte((byte)'C');
        reply.Hex(sum.Value);
    }
}
