using System;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// ? and what a stop is reported with: the reply to a resume in all-stop mode, %Stop and vStopped in non-stop mode
// (gdb manual, "Stop Reply Packets", "Notification Packets", "Remote Non-Stop").
internal unsafe partial struct GdbServer<TTarget>
{
    private Answer AskWhyStopped(ref TTarget target, ref ReplyWriter reply)
    {
        if (IsNonStop)
        {
            _isAskedForStops = true;
            _isListingStops = true;
            _stopListed = ThreadId.None;
            NextStop(ref target, ref reply);
            return Answer.Reply;
        }

        if (TTarget.TryTakeStop(ref target, out StopEvent stop) || (!_isStarting && TryFindStop(ref target, out stop)))
        {
            IsWaitingForStop = false;
            _isStarting = false;
            WriteStop(ref target, stop, ref reply);
            return Answer.Reply;
        }

        if (_isStarting)
        {
            _isStarting = false;
            IsWaitingForStop = true;
            return Answer.Nothing;
        }

        if (!HasThreads(ref target))
        {
            // lldb would take an exit for a process that it cannot name, and then start programs on its own side.
            if ((_client & ClientFeatures.ThreadSuffix) != 0)
            {
                Fail(ref reply, TargetStatus.NotRunning);
            }
            else
            {
                reply.Text("W00"u8);
            }

            return Answer.Reply;
        }

        // Everything runs, and a client in all-stop mode wants it stopped.
        IsWaitingForStop = true;
        TTarget.Interrupt(ref target);
        return Answer.Nothing;
    }

    /// <summary>The stop that is worth telling first: one that has a cause rather than any, of these the selected thread's.</summary>
    private readonly bool TryFindStop(ref TTarget target, out StopEvent stop)
    {
        stop = default;
        bool found = _general.IsOne && TTarget.TryGetStop(ref target, _general, out stop);
        if (found && !IsQuiet(stop))
        {
            return true;
        }

        ThreadId cursor = ThreadId.None;
        while (TTarget.TryNextThread(ref target, ref cursor))
        {
            if (TTarget.TryGetStop(ref target, cursor, out StopEvent candidate) && (!found || IsQuiet(stop)))
            {
                found = true;
                stop = candidate;
                if (!IsQuiet(stop))
                {
                    return true;
                }
            }
        }

        return found;
    }

    private static bool IsQuiet(in StopEvent stop) => stop.Kind == StopKind.Signal && stop.Signal == 0;

    private Answer ReportStop(ref TTarget target, ref ReplyWriter reply)
    {
        if (!TTarget.TryTakeStop(ref target, out StopEvent stop))
        {
            return Answer.Nothing;
        }

        IsWaitingForStop = false;
        _isInterruptOwed &= stop.Kind == StopKind.Signal ? stop.Signal is not (0 or GdbSignal.Interrupt)
            : stop.Kind is not (StopKind.ProcessExited or StopKind.ProcessKilled);
        WriteStop(ref target, stop, ref reply);
        return Answer.Reply;
    }

    private Answer NotifyStop(ref TTarget target, ref ReplyWriter reply)
    {
        if (_isAskedForStops || !TTarget.TryTakeStop(ref target, out StopEvent stop))
        {
            return Answer.Nothing;
        }

        _isAskedForStops = true;
        reply.Text("Stop:"u8);
        WriteStop(ref target, stop, ref reply);
        return Answer.Notification;
    }

    /// <summary>vStopped: the next stop, or OK when the client knows them all.</summary>
    private void NextStop(ref TTarget target, ref ReplyWriter reply)
    {
        while (_isListingStops)
        {
            if (!TTarget.TryNextThread(ref target, ref _stopListed))
            {
                _isListingStops = false;
            }
            else if (TTarget.TryGetStop(ref target, _stopListed, out StopEvent known))
            {
                WriteStop(ref target, known, ref reply);
                return;
            }
        }

        if (_isAskedForStops && TTarget.TryTakeStop(ref target, out StopEvent stop))
        {
            WriteStop(ref target, stop, ref reply);
            return;
        }

        _isAskedForStops = false;
        reply.Text("OK"u8);
        EndIfNothingIsLeft(ref target);
    }

    private void WriteStop(ref TTarget target, in StopEvent stop, ref ReplyWriter reply)
    {
        StopReply.Write(ref target, stop, _client, ref reply);
        bool isProcessEnd = stop.Kind is StopKind.ProcessExited or StopKind.ProcessKilled;
        if (isProcessEnd)
        {
            _hasExited = true;
            if (_general.Process == stop.Thread.Process)
            {
                _general = ThreadId.None;
            }
        }
        else if ((!IsNonStop || _selectsStopped) && stop.Thread.IsOne)
        {
            _general = stop.Thread;
        }

        _selectsStopped = false;
        if (!IsNonStop)
        {
            EndIfNothingIsLeft(ref target);
        }
    }

    private void EndIfNothingIsLeft(ref TTarget target)
    {
        if (_hasExited && !IsExtended && !HasThreads(ref target))
        {
            End = ConnectionEnd.Exited;
        }
    }

    private void SetNonStop(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!packet.TrySkip((byte)':') || !packet.TryHex(out int on) || on > 1)
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        TargetStatus status = TTarget.SetNonStop(ref target, on != 0);
        if (status == TargetStatus.Ok)
        {
            IsNonStop = on != 0;

            // What happened before is told in answer to '?' only: gdb takes a notification ahead of it for a stop it never resumed from.
            _isAskedForStops = IsNonStop;
            _isListingStops = false;
        }

        Conclude(ref target, ref reply, status);
    }

    private readonly void InterruptNonStop(ref TTarget target, ref ReplyWriter reply)
    {
        TTarget.Interrupt(ref target);
        reply.Text("OK"u8);
    }
}
