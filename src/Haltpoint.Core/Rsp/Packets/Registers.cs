using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// g, G, p and P (gdb manual, "Packets"); lldb ends them with ";thread:ID;".
internal unsafe partial struct GdbServer<TTarget>
{
    /// <summary>Bytes of the widest register: a ZMM.</summary>
    private const int WidestRegister = 64;

    private const int AvailabilityWords = 4;

    private readonly void ReadAllRegisters(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!TryRegisterThread(ref target, ref packet, ref reply, out ThreadId thread))
        {
            return;
        }

        int length = TTarget.RegisterImageLength(ref target, thread);
        if (length > reply.Room / 2)
        {
            Fail(ref reply, TargetStatus.NoMemory);
            return;
        }

        byte* digits = reply.At;
        byte* raw = digits + length;
        ulong* available = stackalloc ulong[AvailabilityWords];
        for (int i = 0; i < AvailabilityWords; i++)
        {
            available[i] = ulong.MaxValue;
        }

        int read = TTarget.ReadRegisters(ref target, thread, new Span<byte>(raw, length), new Span<ulong>(available, AvailabilityWords));
        if (read <= 0)
        {
            Fail(ref reply, TargetStatus.NoSuchThread);
            return;
        }

        read = Math.Min(read, KnownImageLength(ref target, thread));
        Rsp.Hex.Encode(raw, read, digits);
        reply.Advance(2 * read);
        for (int word = 0; word < AvailabilityWords; word++)
        {
            for (ulong missing = ~available[word]; missing != 0; missing &= missing - 1)
            {
                int number = (64 * word) + System.Numerics.BitOperations.TrailingZeroCount(missing);
                if (TTarget.TryLocateRegister(ref target, thread, number, out int offset, out int size) && offset + size <= read)
                {
                    new Span<byte>(digits + (2 * offset), 2 * size).Fill((byte)'x');
                }
            }
        }
    }

    private readonly void WriteAllRegisters(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        Span<byte> digits = packet.Until((byte)';');
        if (!TryRegisterThread(ref target, ref packet, ref reply, out ThreadId thread))
        {
            return;
        }

        if (!Rsp.Hex.TryDecode(digits, digits))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        Span<byte> image = digits[..(digits.Length / 2)];
        int length = TTarget.RegisterImageLength(ref target, thread);
        if (image.Length == KnownImageLength(ref target, thread) && length > image.Length && length <= reply.Room)
        {
            // What the client doesn't know keeps its value.
            Span<byte> whole = new(reply.At, length);
            Span<ulong> available = stackalloc ulong[AvailabilityWords];
            if (TTarget.ReadRegisters(ref target, thread, whole, available) == length)
            {
                image.CopyTo(whole);
                image = whole;
            }
        }

        Conclude(ref target, ref reply, TTarget.WriteRegisters(ref target, thread, image));
    }

    private readonly int KnownImageLength(ref TTarget target, ThreadId thread) =>
        (_client & ClientFeatures.Descriptions) != 0 ? int.MaxValue : TTarget.BaseImageLength(ref target, thread);

    private readonly void ReadRegister(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!packet.TryHex(out int number) || !(packet.IsAtEnd || packet.Sees((byte)';')))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        if (TryRegisterThread(ref target, ref packet, ref reply, out ThreadId thread) && !WriteRegisterValue(ref target, thread, number, ref reply))
        {
            Fail(ref reply, TargetStatus.BadArgument);
        }
    }

    private readonly void WriteRegister(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!packet.TryHex(out int number) || !packet.TrySkip((byte)'='))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        Span<byte> digits = packet.Until((byte)';');
        if (!TryRegisterThread(ref target, ref packet, ref reply, out ThreadId thread))
        {
            return;
        }

        int length = digits.Length / 2;
        if (!Rsp.Hex.TryDecode(digits, digits) || (TTarget.TryLocateRegister(ref target, thread, number, out _, out int wanted) && wanted != length))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        Conclude(ref target, ref reply, TTarget.WriteRegister(ref target, thread, number, digits[..length]));
    }

    /// <summary>Writes the register's digits, or an 'x' for each digit when it has no value.</summary>
    /// <returns>False when there is no such register.</returns>
    private static bool WriteRegisterValue(ref TTarget target, ThreadId thread, int number, ref ReplyWriter reply)
    {
        byte* value = stackalloc byte[WidestRegister];
        int length = TTarget.ReadRegister(ref target, thread, number, new Span<byte>(value, WidestRegister));
        if (length > 0)
        {
            reply.HexBytes(new ReadOnlySpan<byte>(value, length));
            return true;
        }

        if (length == 0 || !TTarget.TryLocateRegister(ref target, thread, number, out _, out int size))
        {
            return false;
        }

        for (int i = 0; i < 2 * size; i++)
        {
            reply.Byte((byte)'x');
        }

        return true;
    }

    private readonly bool TryRegisterThread(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply, out ThreadId thread)
    {
        packet.TrySkip((byte)';');
        thread = ThreadId.None;
        bool found = packet.TrySkip("thread:"u8)
            ? packet.TryThreadId(out ThreadId asked) && TryResolve(ref target, asked, out thread)
            : TryCurrentThread(ref target, out thread);
        if (!found)
        {
            Fail(ref reply, TargetStatus.NoSuchThread);
        }

        return found;
    }
}
