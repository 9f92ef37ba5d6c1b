using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// H, T, qC, qfThreadInfo, qsThreadInfo, qThreadExtraInfo (gdb manual, "Packets" and "General Query Packets").
internal unsafe partial struct GdbServer<TTarget>
{
    /// <summary>Longest text about a thread.</summary>
    private const int ThreadTextLength = 256;

    /// <summary>The thread that packets without a thread are about.</summary>
    private readonly bool TryCurrentThread(ref TTarget target, out ThreadId thread)
    {
        thread = _general;
        return thread.IsOne || TryResolve(ref target, ThreadId.None, out thread);
    }

    /// <summary>Finds a living thread under what a client named: one thread, any thread of a process, any thread.</summary>
    private readonly bool TryResolve(ref TTarget target, ThreadId asked, out ThreadId thread)
    {
        thread = asked;
        if (asked.IsOne)
        {
            return TTarget.IsAlive(ref target, thread);
        }

        // A client that knows one process only leaves it out.
        if (asked.Process <= 0 && asked.Thread > 0 && _general.Process > 0)
        {
            thread = new ThreadId(_general.Process, asked.Thread);
            if (TTarget.IsAlive(ref target, thread))
            {
                return true;
            }
        }

        thread = _general;
        if (_general.IsOne && asked.Covers(_general) && TTarget.IsAlive(ref target, _general))
        {
            return true;
        }

        ThreadId cursor = ThreadId.None;
        while (TTarget.TryNextThread(ref target, ref cursor))
        {
            if (asked.Covers(cursor))
            {
                thread = cursor;
                return true;
            }
        }

        thread = ThreadId.None;
        return false;
    }

    /// <summary>Puts the process into a pattern that names a thread without it.</summary>
    private readonly bool TryResolvePattern(ref TTarget target, ThreadId asked, out ThreadId pattern)
    {
        pattern = asked;
        return asked.Process > 0 || asked.Thread <= 0 || TryResolve(ref target, asked, out pattern);
    }

    private static bool HasThreads(ref TTarget target)
    {
        ThreadId cursor = ThreadId.None;
        return TTarget.TryNextThread(ref target, ref cursor);
    }

    private void SelectThread(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        bool forResuming = packet.TrySkip((byte)'c');
        if ((!forResuming && !packet.TrySkip((byte)'g')) || !packet.TryThreadId(out ThreadId asked))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        if (forResuming)
        {
            if (!TryResolvePattern(ref target, asked, out ThreadId pattern))
            {
                Fail(ref reply, TargetStatus.NoSuchThread);
                return;
            }

            _resumed = pattern;
        }
        else
        {
            // gdb selects "any" before there is a process; it is resolved when it is needed.
            if (!TryResolve(ref target, asked, out ThreadId thread) && (asked.IsOne || HasThreads(ref target)))
            {
                Fail(ref reply, TargetStatus.NoSuchThread);
                return;
            }

            _general = thread;
        }

        reply.Text("OK"u8);
    }

    private readonly void AskWhetherAlive(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (packet.TryThreadId(out ThreadId asked) && asked.Thread > 0 && TryResolve(ref target, asked, out _))
        {
            reply.Text("OK"u8);
        }
        else
        {
            Fail(ref reply, TargetStatus.NoSuchThread);
        }
    }

    private readonly void AskCurrentThread(ref TTarget target, ref ReplyWriter reply)
    {
        if (TTarget.IsPacketDisabled(ref target, "qC"u8))
        {
            return;
        }

        if (!TryCurrentThread(ref target, out ThreadId thread))
        {
            Fail(ref reply, TargetStatus.NotRunning);
            return;
        }

        reply.Text("QC"u8);
        reply.Thread(thread, IsMultiprocess);
    }

    private void ListFirstThreads(ref TTarget target, ref ReplyWriter reply)
    {
        if (!TTarget.IsPacketDisabled(ref target, "qfThreadInfo"u8))
        {
            _listed = ThreadId.None;
            ListMoreThreads(ref target, ref reply);
        }
    }

    private void ListMoreThreads(ref TTarget target, ref ReplyWriter reply)
    {
        if (TTarget.IsPacketDisabled(ref target, "qfThreadInfo"u8))
        {
            return;
        }

        byte separator = (byte)'m';
        ThreadId next = _listed;
        while (TTarget.TryNextThread(ref target, ref next))
        {
            int length = reply.Length;
            reply.Byte(separator);
            reply.Thread(next, IsMultiprocess);
            if (reply.HasOverflowed)
            {
                reply.Truncate(length);
                return;
            }

            separator = (byte)',';
            _listed = next;
        }

        if (reply.Length == 0)
        {
            reply.Byte((byte)'l');
        }
    }

    private readonly void DescribeThread(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!packet.TrySkip((byte)',') || !packet.TryThreadId(out ThreadId asked) || !TryResolve(ref target, asked, out ThreadId thread))
        {
            Fail(ref reply, TargetStatus.NoSuchThread);
            return;
        }

        Span<byte> text = stackalloc byte[ThreadTextLength];
        int length = TTarget.ReadThreadInfo(ref target, thread, text);
        reply.HexBytes(text[..length]);
    }
}
