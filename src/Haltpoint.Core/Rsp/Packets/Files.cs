using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// vFile (gdb manual, "Host I/O Packets"). Replies are 'F' and a result, and data after ';' where there is some.
internal unsafe partial struct GdbServer<TTarget>
{
    // EINVAL (gdb manual, "Errno Values").
    private const int BadFileArgument = -22;

    private const int PathLength = 4096;

    private readonly void DoFile(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        packet.TrySkip((byte)':');
        ReadOnlySpan<byte> operation = packet.Until((byte)':');
        if (!TTarget.HasFiles)
        {
            return;
        }

        if (operation.SequenceEqual("pread"u8))
        {
            ReadFile(ref target, ref packet, ref reply);
        }
        else if (operation.SequenceEqual("pwrite"u8))
        {
            WriteFile(ref target, ref packet, ref reply);
        }
        else if (operation.SequenceEqual("open"u8))
        {
            OpenFile(ref target, ref packet, ref reply);
        }
        else if (operation.SequenceEqual("close"u8))
        {
            FileResult(packet.TryHex(out int file) ? TTarget.CloseFile(ref target, file) : BadFileArgument, ref reply);
        }
        else if (operation.SequenceEqual("setfs"u8))
        {
            FileResult(packet.TryHex(out int process) ? TTarget.SetFileSystem(ref target, process) : BadFileArgument, ref reply);
        }
        else if (operation.SequenceEqual("fstat"u8))
        {
            StatFile(ref target, ref packet, ref reply);
        }
        else
        {
            DoPath(ref target, operation, packet.Rest, ref reply);
        }
    }

    private readonly void DoPath(ref TTarget target, scoped ReadOnlySpan<byte> operation, Span<byte> path, ref ReplyWriter reply)
    {
        bool isLink = operation.SequenceEqual("readlink"u8);
        bool isStat = operation.SequenceEqual("stat"u8);
        if (!isLink && !isStat && !operation.SequenceEqual("unlink"u8))
        {
            return;
        }

        if (!TryDecodeInPlace(ref path))
        {
            FileResult(BadFileArgument, ref reply);
            return;
        }

        if (!isLink && !isStat)
        {
            FileResult(TTarget.UnlinkFile(ref target, path), ref reply);
            return;
        }

        if (isStat)
        {
            Span<byte> record = stackalloc byte[IFiles<TTarget>.StatLength];
            FileData(record, TTarget.StatPath(ref target, path, record), ref reply);
            return;
        }

        Span<byte> link = TakeTail(ref reply, PathLength);
        FileData(link, TTarget.ReadLink(ref target, path, link), ref reply);
    }

    private readonly void OpenFile(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        Span<byte> path = packet.Until((byte)',');
        int result = TryDecodeInPlace(ref path) && packet.TryHex(out int flags) && packet.TrySkip((byte)',') && packet.TryHex(out int mode)
            ? TTarget.OpenFile(ref target, path, flags, mode)
            : BadFileArgument;
        FileResult(result, ref reply);
    }

    private readonly void ReadFile(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!packet.TryHex(out int file) || !packet.TrySkip((byte)',') || !packet.TryHex(out int length)
            || !packet.TrySkip((byte)',') || !packet.TryHex(out ulong offset))
        {
            FileResult(BadFileArgument, ref reply);
            return;
        }

        Span<byte> data = TakeTail(ref reply, length);
        FileData(data, TTarget.ReadFile(ref target, file, offset, data), ref reply);
    }

    private readonly void WriteFile(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        int length = -1;
        if (!packet.TryHex(out int file) || !packet.TrySkip((byte)',') || !packet.TryHex(out ulong offset)
            || !packet.TrySkip((byte)',') || (length = BinaryEscape.Decode(packet.Rest)) < 0)
        {
            FileResult(BadFileArgument, ref reply);
            return;
        }

        FileResult(TTarget.WriteFile(ref target, file, offset, packet.Rest[..length]), ref reply);
    }

    private readonly void StatFile(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!packet.TryHex(out int file))
        {
            FileResult(BadFileArgument, ref reply);
            return;
        }

        Span<byte> record = stackalloc byte[IFiles<TTarget>.StatLength];
        FileData(record, TTarget.StatFile(ref target, file, record), ref reply);
    }

    private static void FileResult(int result, ref ReplyWriter reply)
    {
        if (result < 0)
        {
            reply.Text("F-1,"u8);
            reply.Hex((uint)-result);
        }
        else
        {
            reply.Byte((byte)'F');
            reply.Hex((uint)result);
        }
    }

    /// <summary>The count and as much of the data as fits, from the end of the reply's memory to its front.</summary>
    private static void FileData(scoped Span<byte> data, int length, ref ReplyWriter reply)
    {
        if (length < 0)
        {
            FileResult(length, ref reply);
            return;
        }

        reply.Byte((byte)'F');
        byte* count = reply.At;
        reply.Hex((uint)length);
        int digits = (int)(reply.At - count);
        reply.Byte((byte)';');
        fixed (byte* from = data)
        {
            reply.Advance(BinaryEscape.Encode(from, length, reply.At, reply.End, out int taken));

            // What was left out for want of room makes the count smaller, in the same number of digits.
            for (int i = digits - 1; i >= 0; i--)
            {
                count[i] = Rsp.Hex.Digit(taken);
                taken >>= 4;
            }
        }
    }

    /// <summary>Up to so many bytes at the very end of the reply's memory, for data that then moves to its front.</summary>
    private static Span<byte> TakeTail(ref ReplyWriter reply, int length)
    {
        // 'F', eight digits, ';'.
        const int HeadLength = 10;
        length = Math.Min(length, Math.Max(0, reply.Room - HeadLength));
        return new Span<byte>(reply.End - length, length);
    }
}
