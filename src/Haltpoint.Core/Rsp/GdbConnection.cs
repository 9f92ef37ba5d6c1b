using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

/// <summary>One client's conversation: bytes in, bytes out, a target in between.</summary>
/// <remarks>
/// Owns no thread and never waits. The caller's loop is: feed what arrived to <see cref="Receive"/>; send <see cref="Pending"/> and
/// say so with <see cref="Sent"/>; call <see cref="Poll"/> after sending and whenever the target may have stopped; leave
/// when <see cref="End"/> is set and nothing is pending.
/// Not for concurrent use; all calls on the thread that serves the target.
/// </remarks>
public unsafe struct GdbConnection<TTarget>
    where TTarget : struct, ITarget<TTarget>
{
    /// <summary>The least that either buffer may have: room for every register of a thread with AVX-512.</summary>
    public const int LeastBuffer = 8192;

    // '$', '#', two digits.
    private const int FrameLength = 4;

    private readonly int _packetSize;
    private PacketFramer _framer;
    private OutputBuffer _output;
    private GdbServer<TTarget> _server;

    /// <summary>Starts a conversation in memory that stays where it is until the conversation is over.</summary>
    public GdbConnection(byte* input, int inputLength, byte* output, int outputLength)
    {
        // An acknowledgement goes before the reply.
        int longestReply = outputLength - FrameLength - 1;
        _packetSize = inputLength < longestReply ? inputLength : longestReply;
        _framer = new PacketFramer(input, _packetSize);
        _output = new OutputBuffer(output, outputLength);
        _server = new GdbServer<TTarget>(_packetSize);
    }

    /// <summary>Bytes to send now.</summary>
    public readonly ReadOnlySpan<byte> Pending => _output.Pending;

    /// <summary>Why the conversation is over; what is pending still has to be sent.</summary>
    public readonly ConnectionEnd End => _server.End;

    /// <summary>The client let the target run and is owed a stop reply.</summary>
    public readonly bool IsWaitingForStop => _server.IsWaitingForStop;

    /// <summary>The next byte is no part of a packet that has begun.</summary>
    public readonly bool IsBetweenPackets => !_framer.IsInPacket;

    public readonly bool UsesAcks => _server.UsesAcks;

    public readonly bool IsExtended => _server.IsExtended;

    public readonly bool IsNonStop => _server.IsNonStop;

    private readonly bool HasRoomForReply => _output.Room > FrameLength + _packetSize;

    /// <summary>Takes bytes from the client.</summary>
    /// <returns>How many were taken: fewer than given when a reply has to be sent first.</returns>
    public int Receive(ref TTarget target, ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        while (taken < bytes.Length && End == ConnectionEnd.None)
        {
            // Only the end of a packet makes output, so acknowledgements always get through and free what they acknowledge.
            if (_framer.IsInPacket && (!HasRoomForReply || _server.HasMoreOutput))
            {
                if (!_output.IsUnacknowledged || !_output.Pending.IsEmpty)
                {
                    break;
                }

                // Sent while the packet was under way: its acknowledgement cannot come before the packet ends.
                GiveUpReply();
            }

            FrameEvent what = _framer.Feed(bytes[taken..], _server.UsesAcks, out int step);
            taken += step;
            Act(ref target, what);
        }

        Poll(ref target);
        return taken;
    }

    /// <summary>Makes packets of what the target has to report.</summary>
    public void Poll(ref TTarget target)
    {
        while (HasRoomForReply && !_output.IsUnacknowledged && End == ConnectionEnd.None)
        {
            ReplyWriter reply = new(_output.At + 1, _packetSize);
            switch (_server.Poll(ref target, ref reply))
            {
                case Answer.Reply:
                    Close(ref reply, (byte)'$', _server.UsesAcks);
                    break;
                case Answer.Notification:
                    Close(ref reply, (byte)'%', false);
                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>The first <paramref name="count"/> bytes of <see cref="Pending"/> are on their way.</summary>
    public void Sent(int count) => _output.Sent(count);

    private void Act(ref TTarget target, FrameEvent what)
    {
        switch (what)
        {
            case FrameEvent.Start:
                // A client that asks anew has what it wanted of the last reply, or has given it up.
                GiveUpReply();
                break;

            case FrameEvent.Ack:
                _output.Acknowledge();
                break;

            case FrameEvent.Nack:
                _output.Repeat();
                break;

            case FrameEvent.Interrupt:
                _server.Interrupt(ref target);
                break;

            case FrameEvent.Damaged:
                _output.Append((byte)'-');
                break;

            case FrameEvent.Packet:
            case FrameEvent.TooLong:
                Reply(ref target, what == FrameEvent.TooLong);
                break;
        }
    }

    private void GiveUpReply()
    {
        _output.Acknowledge();
        if (_server.UsesAcks)
        {
            _server.AbandonOutput();
        }
    }

    private void Reply(ref TTarget target, bool isTooLong)
    {
        // As it was when the packet came: the reply that turns acknowledgements off is still acknowledged.
        bool acks = _server.UsesAcks;
        if (acks)
        {
            _output.Append((byte)'+');
        }

        ReplyWriter reply = new(_output.At + 1, _packetSize);
        Answer answer = Answer.Reply;
        if (isTooLong)
        {
            _server.Fail(ref reply, TargetStatus.BadArgument);
        }
        else
        {
            answer = _server.Handle(ref target, _framer.Payload, ref reply);
        }

        if (answer == Answer.Reply)
        {
            Close(ref reply, (byte)'$', acks);
        }
    }

    private void Close(ref ReplyWriter reply, byte lead, bool isKept)
    {
        if (reply.HasOverflowed)
        {
            reply.Clear();
            _server.Fail(ref reply, TargetStatus.NoMemory);
        }

        byte* start = _output.At;
        int length = reply.Length;
        byte sum = Checksum.Of(start + 1, length);
        start[0] = lead;
        start[length + 1] = (byte)'#';
        start[length + 2] = Hex.Digit(sum >> 4);
        start[length + 3] = Hex.Digit(sum);
        _output.Append(length + FrameLength);
        if (isKept)
        {
            _output.Keep(length + FrameLength);
        }
    }
}
