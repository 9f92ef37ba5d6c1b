using System;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

/// <summary>What the packets mean: one client's session over a target. Packets/ has a file for each feature.</summary>
internal unsafe partial struct GdbServer<TTarget>(int packetSize)
    where TTarget : struct, ITarget<TTarget>
{
    private readonly int _packetSize = packetSize;
    private ClientFeatures _client;

    /// <summary>The thread whose registers and memory packets are about (<c>Hg</c>, and every stop in all-stop mode).</summary>
    private ThreadId _general;

    /// <summary>What <c>c</c> and <c>s</c> resume (<c>Hc</c>).</summary>
    private ThreadId _resumed = ThreadId.Everything;

    /// <summary>The thread that <c>qfThreadInfo</c> and <c>qsThreadInfo</c> listed last.</summary>
    private ThreadId _listed;
    private ThreadListXml<TTarget> _threadList;

    /// <summary>Non-stop: a notification or a reply to <c>?</c> is out, and the client asks with <c>vStopped</c> until it gets OK.</summary>
    private bool _isAskedForStops;

    /// <summary>Non-stop: the answers to <c>?</c> have come up to <see cref="_stopListed"/>.</summary>
    private bool _isListingStops;
    private ThreadId _stopListed;

    /// <summary>The reply to <c>vRun</c> selects its thread in non-stop mode too: gdb counts on it.</summary>
    private bool _selectsStopped;

    /// <summary>A program was started by a packet that doesn't wait: the next <c>?</c> does.</summary>
    private bool _isStarting;
    private TargetStatus _launchStatus;

    /// <summary>All-stop: the client asked for an interrupt and has not been told of one.</summary>
    private bool _isInterruptOwed;

    /// <summary>The client was told of the end of a process.</summary>
    private bool _hasExited;

    /// <summary>A monitor command has run and its OK has not been sent.</summary>
    private bool _hasMonitorOutput;

    public ConnectionEnd End { get; private set; }

    /// <summary>Resumed, and the reply is the next stop.</summary>
    public bool IsWaitingForStop { get; private set; }

    public bool IsExtended { get; private set; }

    public bool IsNonStop { get; private set; }

    public bool UsesAcks { get; private set; } = true;

    /// <summary>A reply has more packets to come than there was room for.</summary>
    public readonly bool HasMoreOutput => _hasMonitorOutput;

    private readonly bool IsMultiprocess => (_client & ClientFeatures.Multiprocess) != 0;

    /// <summary>Obeys a packet. An empty reply means "not supported".</summary>
    /// <param name="target">What is debugged.</param>
    /// <param name="payload">Changed on the way: data is decoded in place.</param>
    /// <param name="reply">Where the reply goes.</param>
    public Answer Handle(ref TTarget target, Span<byte> payload, ref ReplyWriter reply)
    {
        PacketReader packet = new(payload);
        if (packet.IsAtEnd)
        {
            return Answer.Reply;
        }

        byte letter = payload[0];
        if (letter is (byte)'q' or (byte)'Q' or (byte)'v')
        {
            // The one name that its operand follows without a delimiter.
            if (packet.TrySkip("qThreadStopInfo"u8))
            {
                DescribeStop(ref target, ref packet, ref reply);
                return Answer.Reply;
            }

            ReadOnlySpan<byte> name = packet.Name();
            return letter switch
            {
                (byte)'q' => Query(ref target, name, ref packet, ref reply),
                (byte)'Q' => Set(ref target, name, ref packet, ref reply),
                _ => Verb(ref target, name, ref packet, ref reply),
            };
        }

        packet.TrySkip(letter);
        return Letter(ref target, letter, ref packet, ref reply);
    }

    /// <summary>What the target has to report, or the rest of a reply of several packets.</summary>
    public Answer Poll(ref TTarget target, ref ReplyWriter reply)
    {
        if (_hasMonitorOutput)
        {
            return ContinueMonitor(ref target, ref reply);
        }

        if (IsWaitingForStop)
        {
            return ReportStop(ref target, ref reply);
        }

        return IsNonStop ? NotifyStop(ref target, ref reply) : Answer.Nothing;
    }

    /// <summary>A 0x03. A program that is stopped is interrupted when it is resumed next (gdb manual, "Interrupts").</summary>
    /// <remarks>
    /// gdb asks once: while it steps over breakpoints whose conditions it evaluates itself, the interrupt may cross a stop reply
    /// that nobody sees. lldb takes any stop for the answer.
    /// </remarks>
    public void Interrupt(ref TTarget target)
    {
        _isInterruptOwed = !IsNonStop && (_client & ClientFeatures.ThreadSuffix) == 0 && HasThreads(ref target);
        if (IsWaitingForStop || IsNonStop)
        {
            TTarget.Interrupt(ref target);
        }
    }

    /// <summary>Writes an error that the packet itself is to blame for.</summary>
    /// <param name="reply">Cleared first.</param>
    /// <param name="status">What is wrong.</param>
    /// <param name="showsText">The packet is one where gdb before 16 shows, or at least tolerates, text.</param>
    public readonly void Fail(ref ReplyWriter reply, TargetStatus status, bool showsText = false) =>
        WriteError(ref reply, status, ErrorReply.Text(status), showsText);

    /// <summary>Writes the target's refusal, in its own words where it has any; the empty reply where it lacks the ability.</summary>
    private readonly void Refuse(ref TTarget target, ref ReplyWriter reply, TargetStatus status, bool showsText = false)
    {
        if (status == TargetStatus.Unsupported)
        {
            reply.Clear();
            return;
        }

        Span<byte> own = stackalloc byte[ErrorReply.TextLength];
        int length = TTarget.LastError(ref target, own);
        WriteError(ref reply, status, length > 0 ? own[..length] : ErrorReply.Text(status), showsText);
    }

    private readonly void WriteError(ref ReplyWriter reply, TargetStatus status, scoped ReadOnlySpan<byte> text, bool showsText)
    {
        reply.Clear();
        if ((_client & ClientFeatures.ErrorStrings) != 0)
        {
            ErrorReply.WriteNumberAndText(ref reply, status, text);
        }
        else if (showsText || (_client & ClientFeatures.ErrorMessage) != 0)
        {
            ErrorReply.WriteText(ref reply, text);
        }
        else
        {
            ErrorReply.WriteNumber(ref reply, status);
        }
    }

    /// <summary><c>OK</c>, or the target's refusal.</summary>
    private readonly void Conclude(ref TTarget target, ref ReplyWriter reply, TargetStatus status, bool showsText = false)
    {
        if (status == TargetStatus.Ok)
        {
            reply.Text("OK"u8);
        }
        else
        {
            Refuse(ref target, ref reply, status, showsText);
        }
    }
}
