using System;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

// !, D, k, R, vAttach, vKill, vRun, qAttached (gdb manual, "Packets").
internal unsafe partial struct GdbServer<TTarget>
{
    private void Extend(ref TTarget target, ref ReplyWriter reply)
    {
        if (!TTarget.CanManageProcesses)
        {
            return;
        }

        IsExtended = true;
        TTarget.SetExtended(ref target);
        reply.Text("OK"u8);
    }

    private void Detach(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!TryProcess(ref target, ref packet, ref reply, out int process))
        {
            return;
        }

        TargetStatus status = TTarget.Detach(ref target, process);
        if (status == TargetStatus.Ok)
        {
            Forget(ref target, process, ConnectionEnd.Detached);
        }

        Conclude(ref target, ref reply, status);
    }

    private void Kill(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!TryProcess(ref target, ref packet, ref reply, out int process))
        {
            return;
        }

        TargetStatus status = TTarget.Kill(ref target, process);
        if (status == TargetStatus.Ok)
        {
            Forget(ref target, process, ConnectionEnd.Killed);
        }

        Conclude(ref target, ref reply, status);
    }

    /// <summary>k: has no reply, whatever becomes of it.</summary>
    private Answer KillAll(ref TTarget target)
    {
        ThreadId cursor = ThreadId.None;
        while (TTarget.TryNextThread(ref target, ref cursor) && TTarget.Kill(ref target, cursor.Process) == TargetStatus.Ok)
        {
            cursor = ThreadId.None;
        }

        _general = ThreadId.None;
        IsWaitingForStop = false;
        if (!IsExtended)
        {
            End = ConnectionEnd.Killed;
        }

        return Answer.Nothing;
    }

    /// <summary>R: has no reply. lldb asks with '?'; gdb takes the program for stopped and resumes it, so a stop at hand counts as told.</summary>
    private Answer Restart(ref TTarget target)
    {
        if (!IsExtended)
        {
            return Answer.Reply;
        }

        if (TTarget.Run(ref target, default) == TargetStatus.Ok)
        {
            _isStarting = !TTarget.TryTakeStop(ref target, out StopEvent stop);
            _general = stop.Thread;
        }

        return Answer.Nothing;
    }

    private Answer Attach(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!TTarget.CanManageProcesses)
        {
            return Answer.Reply;
        }

        if (!packet.TrySkip((byte)';') || !packet.TryHex(out int process) || !packet.IsAtEnd)
        {
            Fail(ref reply, TargetStatus.BadArgument, showsText: true);
            return Answer.Reply;
        }

        TargetStatus status = TTarget.Attach(ref target, process);
        if (status == TargetStatus.Ok && !IsNonStop)
        {
            IsWaitingForStop = true;
            return Answer.Nothing;
        }

        Conclude(ref target, ref reply, status, showsText: true);
        return Answer.Reply;
    }

    private Answer Run(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        if (!TTarget.CanManageProcesses)
        {
            return Answer.Reply;
        }

        if (!TryArguments(ref packet, reply.Free, out int length))
        {
            Fail(ref reply, TargetStatus.BadArgument, showsText: true);
            return Answer.Reply;
        }

        TargetStatus status = TTarget.Run(ref target, reply.Free[..length]);
        if (status != TargetStatus.Ok)
        {
            Refuse(ref target, ref reply, status, showsText: true);
            return Answer.Reply;
        }

        IsWaitingForStop = true;
        _isInterruptOwed = false;
        _selectsStopped = true;
        return Answer.Nothing;
    }

    /// <summary>Decodes <c>;program;argument;...</c> into strings that end in a zero byte; nothing at all for "as the last time".</summary>
    private static bool TryArguments(ref PacketReader packet, Span<byte> into, out int length)
    {
        length = 0;
        bool isProgram = true;
        while (packet.TrySkip((byte)';'))
        {
            int digits = 0;
            while (digits < packet.Rest.Length && packet.Rest[digits] != ';')
            {
                digits++;
            }

            packet.TryTake(digits, out Span<byte> part);
            if (isProgram && digits == 0)
            {
                return packet.IsAtEnd;
            }

            isProgram = false;
            if (into.Length - length < (digits / 2) + 1 || !Rsp.Hex.TryDecode(part, into[length..]))
            {
                return false;
            }

            length += digits / 2;
            into[length++] = 0;
        }

        return packet.IsAtEnd;
    }

    private readonly void AskWhetherAttached(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply)
    {
        int process = _general.Process;
        if (packet.TrySkip((byte)':') && !packet.TryHex(out process))
        {
            Fail(ref reply, TargetStatus.BadArgument);
            return;
        }

        if (process == 0 && TryCurrentThread(ref target, out ThreadId thread))
        {
            process = thread.Process;
        }

        int attached = TTarget.WasAttached(ref target, process);
        if (attached < 0)
        {
            Fail(ref reply, TargetStatus.NoSuchProcess);
            return;
        }

        reply.Byte(attached != 0 ? (byte)'1' : (byte)'0');
    }

    /// <summary>The process after ';', or the selected one.</summary>
    private readonly bool TryProcess(ref TTarget target, ref PacketReader packet, ref ReplyWriter reply, out int process)
    {
        process = 0;
        if (packet.TrySkip((byte)';'))
        {
            if (packet.TryHex(out process))
            {
                return true;
            }

            Fail(ref reply, TargetStatus.BadArgument);
            return false;
        }

        if (TryCurrentThread(ref target, out ThreadId thread))
        {
            process = thread.Process;
            return true;
        }

        Fail(ref reply, TargetStatus.NotRunning);
        return false;
    }

    private void Forget(ref TTarget target, int process, ConnectionEnd end)
    {
        if (_general.Process == process)
        {
            _general = ThreadId.None;
        }

        if (_resumed.Process == process)
        {
            _resumed = ThreadId.Everything;
        }

        if (!IsExtended && !HasThreads(ref target))
        {
            End = end;
        }
    }
}
