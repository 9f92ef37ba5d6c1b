using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// vCont, and c s C S from before it (gdb manual, "Packets").
internal unsafe partial struct GdbServer<TTarget>
{
    private Answer Resume(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (TTarget.IsPacketDisabled(ref target, "vCont"u8))
        {
            return Answer.Reply;
        }

        if (packet.TrySkip((byte)'?'))
        {
            reply.Text("vCont;c;C;t;s;S"u8);
            if (TTarget.CanStepRange)
            {
                reply.Text(";r"u8);
            }

            return Answer.Reply;
        }

        // The actions are parsed into the room of the reply.
        Span<ResumeAction> actions = new(reply.At, reply.Room / sizeof(ResumeAction));
        int count = 0;
        while (packet.TrySkip((byte)';'))
        {
            if (count == actions.Length || !TryAction(ref target, ref packet, out actions[count++]))
            {
                Fail(ref reply, TargetStatus.BadArgument);
                return Answer.Reply;
            }
        }

        if (count == 0 || !packet.IsAtEnd)
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return Answer.Reply;
        }

        return Resume(ref target, actions[..count], ref reply);
    }

    private Answer ResumeOld(ref TTarget target, byte letter, ref PacketReader packet, ref ReplyWriter reply)
    {
        int signal = 0;
        bool takesSignal = letter is (byte)'C' or (byte)'S';
        if (takesSignal && !TrySignal(ref packet, out signal))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return Answer.Reply;
        }

        if (!TryCurrentThread(ref target, out ThreadId thread))
        {
            Fail(ref reply, TargetStatus.NotRunning);
            return Answer.Reply;
        }

        if (takesSignal)
        {
            packet.TrySkip((byte)';');
        }

        if (!packet.IsAtEnd)
        {
            if (!packet.TryHex(out ulong address))
            {
                Fail(ref reply, TargetStatus.BadArgument);
                return Answer.Reply;
            }

            TargetStatus status = TTarget.SetProgramCounter(ref target, thread, address);
            if (status != TargetStatus.Ok)
            {
                Refuse(ref target, ref reply, status);
                return Answer.Reply;
            }
        }

        // The signal and the step are for one thread; the others run along unless Hc named one.
        ResumeAction* actions = stackalloc ResumeAction[2];
        bool namesOne = _resumed.IsOne;
        actions[0] = default;
        actions[0].Threads = namesOne ? _resumed : thread;
        actions[0].Kind = letter is (byte)'s' or (byte)'S' ? ResumeKind.Step : ResumeKind.Continue;
        actions[0].Signal = signal;
        actions[1] = default;
        actions[1].Threads = ThreadId.Everything;
        return Resume(ref target, new ReadOnlySpan<ResumeAction>(actions, namesOne ? 1 : 2), ref reply);
    }

    private Answer Resume(ref TTarget target, scoped ReadOnlySpan<ResumeAction> actions, ref ReplyWriter reply)
    {
        TargetStatus status = TTarget.Resume(ref target, actions);
        if (IsNonStop || status != TargetStatus.Ok)
        {
            Conclude(ref target, ref reply, status);
            return Answer.Reply;
        }

        IsWaitingForStop = true;
        if (_isInterruptOwed)
        {
            TTarget.Interrupt(ref target);
        }

        return Answer.Nothing;
    }

    private readonly bool TryAction(ref TTarget target, ref PacketReader packet, out ResumeAction action)
    {
        action = default;
        action.Threads = ThreadId.Everything;
        if (!packet.TryTake(1, out Span<byte> letter))
        {
            return false;
        }

        switch (letter[0])
        {
            case (byte)'c':
                action.Kind = ResumeKind.Continue;
                break;
            case (byte)'C':
                action.Kind = ResumeKind.Continue;
                if (!TrySignal(ref packet, out action.Signal))
                {
                    return false;
                }

                break;
            case (byte)'s':
                action.Kind = ResumeKind.Step;
                break;
            case (byte)'S':
                action.Kind = ResumeKind.Step;
                if (!TrySignal(ref packet, out action.Signal))
                {
                    return false;
                }

                break;
            case (byte)'r':
                action.Kind = TTarget.CanStepRange ? ResumeKind.StepRange : ResumeKind.Step;
                if (!packet.TryHex(out action.Start) || !packet.TrySkip((byte)',') || !packet.TryHex(out action.End))
                {
                    return false;
                }

                break;
            case (byte)'t':
                action.Kind = ResumeKind.Stop;
                break;
            default:
                return false;
        }

        return !packet.TrySkip((byte)':')
            || (packet.TryThreadId(out ThreadId asked) && TryResolvePattern(ref target, asked, out action.Threads));
    }

    private static bool TrySignal(ref PacketReader packet, out int signal)
    {
        signal = 0;
        return packet.TryHex(out int number) && (signal = GdbSignal.ToLinux(number)) >= 0;
    }
}
