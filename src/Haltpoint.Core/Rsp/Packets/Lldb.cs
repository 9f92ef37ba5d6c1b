using System;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// What lldb's gdb-remote client has added to the protocol (LLVM project, "GDB remote protocol extensions").
internal unsafe partial struct GdbServer<TTarget>
{
    private Answer SetForLldb(scoped ReadOnlySpan<byte> name, ref ReplyWriter reply)
    {
        ClientFeatures feature = ClientFeatures.None;
        if (name.SequenceEqual("QThreadSuffixSupported"u8))
        {
            feature = ClientFeatures.ThreadSuffix;
        }
        else if (name.SequenceEqual("QListThreadsInStopReply"u8))
        {
            feature = ClientFeatures.ThreadsInStopReply;
        }
        else if (name.SequenceEqual("QEnableErrorStrings"u8))
        {
            feature = ClientFeatures.ErrorStrings;
        }

        if (feature != ClientFeatures.None)
        {
            _client |= feature;
            reply.Text("OK"u8);
        }

        return Answer.Reply;
    }

    /// <summary>qThreadStopInfoID: the last stop of one thread.</summary>
    private readonly void DescribeStop(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!packet.TryThreadId(out ThreadId asked) || !TryResolve(ref target, asked, out ThreadId thread)
            || !TTarget.TryGetStop(ref target, thread, out StopEvent stop))
        {
            Fail(ref reply, TargetStatus.NoSuchThread);
            return;
        }

        StopReply.Write(ref target, stop, _client, ref reply);
    }

    private readonly void DescribeRegion(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!TTarget.HasMemoryMap)
        {
            return;
        }

        if (packet.IsAtEnd)
        {
            // Only asks whether the packet is known.
            reply.Text("OK"u8);
            return;
        }

        if (!packet.TrySkip((byte)':') || !packet.TryHex(out ulong address))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        Span<byte> name = TakeTail(ref reply, PathLength);
        if (!TryCurrentThread(ref target, out ThreadId thread)
            || !TTarget.TryGetRegion(ref target, thread, address, out MemoryRegion region, name, out int nameLength))
        {
            Fail(ref reply, TargetStatus.NotRunning);
            return;
        }

        reply.Text("start:"u8);
        reply.Hex(region.Start);
        reply.Text(";size:"u8);
        reply.Hex(region.End - region.Start);
        reply.Byte((byte)';');
        if (region.IsMapped)
        {
            reply.Text("permissions:"u8);
            reply.Text(region.CanRead ? "r"u8 : default);
            reply.Text(region.CanWrite ? "w"u8 : default);
            reply.Text(region.CanExecute ? "x"u8 : default);
            reply.Byte((byte)';');
        }

        if (nameLength > 0)
        {
            reply.Text("name:"u8);
            reply.HexBytes(name[..nameLength]);
            reply.Byte((byte)';');
        }
    }

    private readonly void DescribeProcess(ref TTarget target, ref ReplyWriter reply)
    {
        if (!TryCurrentThread(ref target, out ThreadId thread))
        {
            Fail(ref reply, TargetStatus.NotRunning);
            return;
        }

        DescribePlatform(ref target, thread, ref reply);
    }

    private static void DescribePlatform(ref TTarget target, ThreadId thread, ref ReplyWriter reply)
    {
        ReadOnlySpan<byte> triple = TTarget.Triple(ref target, thread.Process);
        if (triple.Length == 0)
        {
            return;
        }

        if (!thread.IsNone)
        {
            reply.Text("pid:"u8);
            reply.Hex((uint)thread.Process);
            reply.Byte((byte)';');
        }

        reply.Text("triple:"u8);
        reply.HexBytes(triple);
        reply.Text(";ptrsize:"u8);
        reply.Decimal((uint)TTarget.AddressLength(ref target, thread.Process));
        reply.Text(";endian:little;"u8);
    }

    /// <summary>qEcho: the packet itself, by which lldb finds its place in the stream again.</summary>
    private readonly void Echo(ref PacketReader packet, ref ReplyWriter reply)
    {
        reply.Text("qEcho"u8);
        for (int i = 0; i < packet.Rest.Length; i++)
        {
            if (BinaryEscape.IsSpecial(packet.Rest[i]))
            {
                Fail(ref reply, TargetStatus.BadArgument);
                return;
            }

            reply.Byte(packet.Rest[i]);
        }
    }

    private readonly void LocateLinkerData(ref TTarget target, ref ReplyWriter reply)
    {
        ulong location = TryCurrentThread(ref target, out ThreadId thread) ? TTarget.LinkerDataLocation(ref target, thread) : 0;
        if (location != 0)
        {
            reply.Hex(location);
        }
    }

    /// <summary>A: <c>length,number,digits</c> for each argument. The stop is asked for with '?'.</summary>
    private void Launch(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!TTarget.CanManageProcesses)
        {
            return;
        }

        Span<byte> arguments = reply.Free;
        int length = 0;
        do
        {
            if (!packet.TryDecimal(out int digits) || !packet.TrySkip((byte)',') || !packet.TryDecimal(out _) || !packet.TrySkip((byte)',')
                || !packet.TryTake(digits, out Span<byte> part) || arguments.Length - length < (digits / 2) + 1
                || !Rsp.Hex.TryDecode(part, arguments[length..]))
            {
                Fail(ref reply, TargetStatus.BadArgument);
                return;
            }

            length += digits / 2;
            arguments[length++] = 0;
        }
        while (packet.TrySkip((byte)','));

        _launchStatus = TTarget.Run(ref target, arguments[..length]);
        _isStarting = _launchStatus == TargetStatus.Ok;
        Conclude(ref target, ref reply, _launchStatus);
    }

    private readonly void AskWhetherLaunched(ref TTarget target, ref ReplyWriter reply) => Conclude(ref target, ref reply, _launchStatus);
}
