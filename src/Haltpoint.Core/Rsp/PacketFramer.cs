using System;

namespace Haltpoint.Rsp;

/// <summary>Finds packets in a stream of bytes: <c>$payload#checksum</c>, acknowledgements and Ctrl-C between them, junk skipped.</summary>
/// <remarks>
/// Binary escapes are left as they are. A '$' inside a payload cannot be data, so it starts the packet anew: that is how a
/// stream gets back into step after lost bytes.
/// </remarks>
public unsafe struct PacketFramer(byte* memory, int capacity)
{
    private const ulong Ones = 0x0101_0101_0101_0101;
    private const ulong Highs = 0x8080_8080_8080_8080;

    private enum State : byte
    {
        Between,
        Payload,
        FirstDigit,
        SecondDigit,
    }

    private readonly byte* _memory = memory;
    private readonly int _capacity = capacity;
    private int _length;
    private int _firstDigit;
    private State _state;
    private bool _isTooLong;
    private byte _lostSum;

    /// <summary>The payload after <see cref="FrameEvent.Packet"/>, good until the next feeding.</summary>
    public readonly Span<byte> Payload => new(_memory, _length);

    /// <summary>Whether a packet has begun and not ended.</summary>
    public readonly bool IsInPacket => _state != State.Between;

    /// <summary>Takes bytes up to the first event.</summary>
    /// <param name="bytes">What arrived.</param>
    /// <param name="checks">Whether checksums are looked at: without acknowledgements nothing could be done about a wrong one.</param>
    /// <param name="taken">How many bytes are done with.</param>
    public FrameEvent Feed(ReadOnlySpan<byte> bytes, bool checks, out int taken)
    {
        taken = 0;
        while (taken < bytes.Length)
        {
            if (_state == State.Payload)
            {
                taken += FeedPayload(bytes[taken..]);
                continue;
            }

            byte value = bytes[taken++];
            switch (_state)
            {
                case State.FirstDigit:
                    _firstDigit = Hex.Value(value);
                    _state = State.SecondDigit;
                    break;

                case State.SecondDigit:
                    _state = State.Between;
                    return Complete((_firstDigit << 4) | Hex.Value(value), checks);

                default:
                    FrameEvent what = Between(value);
                    if (what != FrameEvent.None)
                    {
                        return what;
                    }

                    break;
            }
        }

        return FrameEvent.None;
    }

    private FrameEvent Between(byte value)
    {
        switch (value)
        {
            case (byte)'$':
                Restart();
                return FrameEvent.Start;
            case (byte)'+':
                return FrameEvent.Ack;
            case (byte)'-':
                return FrameEvent.Nack;
            case 0x03:
                return FrameEvent.Interrupt;
            default:
                return FrameEvent.None;
        }
    }

    private void Restart()
    {
        _state = State.Payload;
        _length = 0;
        _isTooLong = false;
        _lostSum = 0;
    }

    private int FeedPayload(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            byte* at = start;
            byte* last = start + bytes.Length;
            byte* to = _memory + _length;
            byte* end = _memory + _capacity;
            while (last - at >= 8 && end - to >= 8 && !EndsPayload(*(ulong*)at))
            {
                *(ulong*)to = *(ulong*)at;
                to += 8;
                at += 8;
            }

            while (at < last)
            {
                byte value = *at++;
                if (value == '#')
                {
                    _state = State.FirstDigit;
                    break;
                }

                if (value == '$')
                {
                    Restart();
                    to = _memory;
                }
                else if (to < end)
                {
                    *to++ = value;
                }
                else
                {
                    _isTooLong = true;
                    _lostSum += value;
                }
            }

            _length = (int)(to - _memory);
            return (int)(at - start);
        }
    }

    private readonly FrameEvent Complete(int sum, bool checks)
    {
        if (checks && sum != (byte)(Checksum.Of(_memory, _length) + _lostSum))
        {
            return FrameEvent.Damaged;
        }

        return _isTooLong ? FrameEvent.TooLong : FrameEvent.Packet;
    }

    // Whether one of the eight bytes is '#' or '$'.
    private static bool EndsPayload(ulong word)
    {
        ulong hash = word ^ (Ones * (byte)'#');
        ulong dollar = word ^ (Ones * (byte)'$');
        return ((((hash - Ones) & ~hash) | ((dollar - Ones) & ~dollar)) & Highs) != 0;
    }
}
