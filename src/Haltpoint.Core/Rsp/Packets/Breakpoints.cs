using System;
using Haltpoint.Breakpoints;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// Z0 to Z4 and z0 to z4, with conditions and commands (gdb manual, "Packets", insert breakpoint).
internal unsafe partial struct GdbServer<TTarget>
{
    private readonly void InsertBreakpoint(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!TryBreakpointOperands(ref target, ref packet, ref reply, out ThreadId thread, out BreakpointKind kind, out ulong address, out int length))
        {
            return;
        }

        // Both lists are decoded into the room of the reply, one after the other.
        Span<byte> lists = reply.Free;
        int conditions = 0;
        int commands = 0;
        bool persist = false;
        while (!packet.IsAtEnd)
        {
            packet.TrySkip((byte)';');
            if (packet.TrySkip("cmds:"u8))
            {
                if (!packet.TryHex(out int flag) || !packet.TrySkip((byte)',') || !TryExpressions(ref packet, lists[conditions..], out commands))
                {
                    Fail(ref reply, TargetStatus.BadArgument);
                    return;
                }

                persist = flag != 0;
            }
            else if (commands != 0 || !TryExpressions(ref packet, lists[conditions..], out int more) || more == 0)
            {
                Fail(ref reply, TargetStatus.BadArgument);
                return;
            }
            else
            {
                conditions += more;
            }
        }

        TargetStatus status = TTarget.Insert(
            ref target, thread, kind, address, length, lists[..conditions], lists.Slice(conditions, commands), persist);
        Conclude(ref target, ref reply, status, showsText: true);
    }

    private readonly void RemoveBreakpoint(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (TryBreakpointOperands(ref target, ref packet, ref reply, out ThreadId thread, out BreakpointKind kind, out ulong address, out int length))
        {
            Conclude(ref target, ref reply, TTarget.Remove(ref target, thread, kind, address, length), showsText: true);
        }
    }

    private readonly bool TryBreakpointOperands(
        ref TTarget target, ref PacketReader packet, ref ReplyWriter reply,
        out ThreadId thread, out BreakpointKind kind, out ulong address, out int length)
    {
        address = 0;
        length = 0;
        thread = ThreadId.None;
        kind = BreakpointKind.Software;
        if (!packet.TryHex(out int digit) || !packet.TrySkip((byte)',') || !packet.TryAddressAndLength(out address, out length))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return false;
        }

        kind = (BreakpointKind)digit;
        if (digit > (int)BreakpointKind.AccessWatch || !TTarget.CanInsert(kind))
        {
            return false;
        }

        if (!TryCurrentThread(ref target, out thread))
        {
            Fail(ref reply, TargetStatus.NotRunning);
            return false;
        }

        return true;
    }

    /// <summary>Decodes <c>Xlength,digits</c> as often as it comes into the form that <see cref="IBreakpoints{TSelf}.Insert"/> takes.</summary>
    private static bool TryExpressions(ref PacketReader packet, Span<byte> into, out int written)
    {
        written = 0;
        while (packet.TrySkip((byte)'X'))
        {
            const int PrefixLength = 4;
            if (!packet.TryHex(out int length) || !packet.TrySkip((byte)',') || length > packet.Rest.Length / 2
                || into.Length - written < PrefixLength + length || !packet.TryTake(2 * length, out Span<byte> digits)
                || !Rsp.Hex.TryDecode(digits, into[(written + PrefixLength)..]))
            {
                return false;
            }

            for (int i = 0; i < PrefixLength; i++)
            {
                into[written + i] = (byte)(length >> (8 * i));
            }

            written += PrefixLength + length;
        }

        return true;
    }
}
