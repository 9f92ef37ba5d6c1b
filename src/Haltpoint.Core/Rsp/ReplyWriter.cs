using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

/// <summary>Writes one payload into memory that has room for the longest one.</summary>
/// <remarks>What doesn't fit is left out and <see cref="HasOverflowed"/> says so; the packet must not be sent then.</remarks>
public unsafe struct ReplyWriter(byte* start, int capacity)
{
    private readonly byte* _start = start;
    private readonly byte* _end = start + capacity;
    private byte* _at = start;

    public bool HasOverflowed { get; private set; }

    public readonly int Length => (int)(_at - _start);

    public readonly int Room => (int)(_end - _at);

    /// <summary>Where the next byte goes: for results that are read straight into the reply.</summary>
    public readonly byte* At => _at;

    public readonly byte* End => _end;

    /// <summary>Everything that is left, as scratch memory; nothing of it is sent until <see cref="Advance"/>.</summary>
    public readonly Span<byte> Free => new(_at, Room);

    public void Clear()
    {
        _at = _start;
        HasOverflowed = false;
    }

    /// <summary>Drops what was written after <paramref name="length"/>.</summary>
    public void Truncate(int length) => _at = _start + length;

    public void Advance(int count) => _at += count;

    public void Byte(byte value)
    {
        if (Reserve(1))
        {
            *_at++ = value;
        }
    }

    public void Text(scoped ReadOnlySpan<byte> text)
    {
        if (Reserve(text.Length))
        {
            text.CopyTo(Free);
            _at += text.Length;
        }
    }

    /// <summary>Two digits.</summary>
    public void HexByte(int value)
    {
        if (Reserve(2))
        {
            *_at++ = Rsp.Hex.Digit(value >> 4);
            *_at++ = Rsp.Hex.Digit(value);
        }
    }

    /// <summary>As few digits as the number needs.</summary>
    public void Hex(ulong value)
    {
        int digits = 1;
        while (digits < 16 && value >> (4 * digits) != 0)
        {
            digits++;
        }

        if (Reserve(digits))
        {
            for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
            {
                *_at++ = Rsp.Hex.Digit((int)(value >> shift));
            }
        }
    }

    /// <summary>Decimal, for the few fields that want it.</summary>
    public void Decimal(ulong value)
    {
        ulong power = 1;
        while (value / power >= 10)
        {
            power *= 10;
        }

        for (; power != 0; power /= 10)
        {
            Byte((byte)('0' + (value / power % 10)));
        }
    }

    public void HexBytes(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= Room / 2)
        {
            fixed (byte* from = bytes)
            {
                Rsp.Hex.Encode(from, bytes.Length, _at);
            }

            _at += 2 * bytes.Length;
        }
        else
        {
            HasOverflowed = true;
        }
    }

    /// <summary>Binary data with its escapes.</summary>
    public void Binary(scoped ReadOnlySpan<byte> bytes)
    {
        fixed (byte* from = bytes)
        {
            _at += BinaryEscape.Encode(from, bytes.Length, _at, _end, out int taken);
            HasOverflowed |= taken != bytes.Length;
        }
    }

    /// <summary>A thread id, with its process when the client speaks of several.</summary>
    public void Thread(ThreadId thread, bool multiprocess)
    {
        if (multiprocess)
        {
            Byte((byte)'p');
            IdPart(thread.Process);
            Byte((byte)'.');
        }

        IdPart(thread.Thread);
    }

    private void IdPart(int number)
    {
        if (number < 0)
        {
            Text("-1"u8);
        }
        else
        {
            Hex((uint)number);
        }
    }

    private bool Reserve(int count)
    {
        HasOverflowed |= Room < count;
        return !HasOverflowed;
    }
}
