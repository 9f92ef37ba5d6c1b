using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// QThreadEvents, QPassSignals, QProgramSignals, QCatchSyscalls (gdb manual, "General Query Packets").
internal unsafe partial struct GdbServer<TTarget>
{
    /// <summary>A bit for each Linux signal; number 0 has one too.</summary>
    private const int SignalWords = (GdbSignal.LastLinux / 64) + 1;

    private readonly void SetThreadEvents(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (TryFlag(ref packet, ref reply, out bool on))
        {
            Conclude(ref target, ref reply, TTarget.SetThreadEvents(ref target, on));
        }
    }

    private readonly void SetPassedSignals(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        ulong* words = stackalloc ulong[SignalWords];
        Span<ulong> signals = new(words, SignalWords);
        if (TrySignals(ref packet, ref reply, signals))
        {
            Conclude(ref target, ref reply, TTarget.SetPassedSignals(ref target, signals));
        }
    }

    private readonly void SetProgramSignals(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        ulong* words = stackalloc ulong[SignalWords];
        Span<ulong> signals = new(words, SignalWords);
        if (TrySignals(ref packet, ref reply, signals))
        {
            Conclude(ref target, ref reply, TTarget.SetProgramSignals(ref target, signals));
        }
    }

    /// <summary>":1;number;number...", or ":1" for all system calls, or ":0".</summary>
    private readonly void CatchSyscalls(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!packet.TrySkip((byte)':') || !packet.TryHex(out int on) || on > 1)
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        // The numbers are parsed into the room of the reply.
        Span<int> numbers = new(reply.At, reply.Room / sizeof(int));
        int count = 0;
        while (packet.TrySkip((byte)';'))
        {
            if (count == numbers.Length || !packet.TryHex(out numbers[count++]))
            {
                Fail(ref reply, TargetStatus.BadArgument);
                return;
            }
        }

        if (!packet.IsAtEnd || !TryCurrentThread(ref target, out ThreadId thread))
        {
            Fail(ref reply, packet.IsAtEnd ? TargetStatus.NotRunning : TargetStatus.BadArgument);
            return;
        }

        Conclude(ref target, ref reply, TTarget.CatchSyscalls(ref target, thread, on != 0, numbers[..count]));
    }

    /// <summary>":number;number..." in gdb's numbers, to bits in Linux's. Signals that Linux has not are skipped.</summary>
    private readonly bool TrySignals(ref PacketReader packet, ref ReplyWriter reply, Span<ulong> signals)
    {
        signals.Clear();
        bool ok = packet.TrySkip((byte)':') || packet.IsAtEnd;
        while (ok && !packet.IsAtEnd)
        {
            ok = packet.TryHex(out int signal) && (packet.IsAtEnd || packet.TrySkip((byte)';'));
            int linux = GdbSignal.ToLinux(signal);
            if (linux > 0)
            {
                signals[linux / 64] |= 1ul << (linux % 64);
            }
        }

        if (!ok)
        {
            Fail(ref reply, TargetStatus.BadArgument);
        }

        return ok;
    }
}
