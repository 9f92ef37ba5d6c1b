using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

/// <summary>Reads the parts of a payload from left to right. What is not there is refused, never thrown.</summary>
internal ref struct PacketReader(Span<byte> payload)
{
    private Span<byte> _rest = payload;

    public readonly Span<byte> Rest => _rest;

    public readonly bool IsAtEnd => _rest.Length == 0;

    public readonly bool StartsWith(scoped ReadOnlySpan<byte> text) => _rest.Length >= text.Length && ((ReadOnlySpan<byte>)_rest[..text.Length]).SequenceEqual(text);

    /// <summary>Whether the next byte is this one; it stays.</summary>
    public readonly bool Sees(byte value) => _rest.Length != 0 && _rest[0] == value;

    public bool TrySkip(byte value)
    {
        if (!Sees(value))
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    public bool TrySkip(scoped ReadOnlySpan<byte> text)
    {
        if (!StartsWith(text))
        {
            return false;
        }

        _rest = _rest[text.Length..];
        return true;
    }

    /// <summary>The letters up to the first of ':', ';', ',' and '?', or to the end: what a packet is called.</summary>
    public ReadOnlySpan<byte> Name()
    {
        int length = 0;
        while (length < _rest.Length && _rest[length] is not ((byte)':' or (byte)';' or (byte)',' or (byte)'?'))
        {
            length++;
        }

        ReadOnlySpan<byte> name = _rest[..length];
        _rest = _rest[length..];
        return name;
    }

    /// <summary>What comes before the delimiter, which is dropped; all of the rest when there is none.</summary>
    public Span<byte> Until(byte delimiter)
    {
        int length = 0;
        while (length < _rest.Length && _rest[length] != delimiter)
        {
            length++;
        }

        Span<byte> part = _rest[..length];
        _rest = length < _rest.Length ? _rest[(length + 1)..] : default;
        return part;
    }

    public bool TryTake(int count, out Span<byte> part)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            part = default;
            return false;
        }

        part = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    /// <summary>A number of 1 to 16 hex digits.</summary>
    public bool TryHex(out ulong value)
    {
        value = 0;
        int length = 0;
        int digit;
        while (length < _rest.Length && (digit = Hex.Value(_rest[length])) >= 0)
        {
            if (value >> 60 != 0)
            {
                return false;
            }

            value = (value << 4) | (uint)digit;
            length++;
        }

        _rest = _rest[length..];
        return length != 0;
    }

    /// <summary>A number of hex digits that is no more than <see cref="int.MaxValue"/>.</summary>
    public bool TryHex(out int value)
    {
        bool ok = TryHex(out ulong wide) && wide <= int.MaxValue;
        value = ok ? (int)wide : 0;
        return ok;
    }

    /// <summary>A decimal number, for the few fields that have one.</summary>
    public bool TryDecimal(out int value)
    {
        value = 0;
        int length = 0;
        while (length < _rest.Length && (uint)(_rest[length] - '0') <= 9)
        {
            if (value > (int.MaxValue - 9) / 10)
            {
                return false;
            }

            value = (10 * value) + (_rest[length] - '0');
            length++;
        }

        _rest = _rest[length..];
        return length != 0;
    }

    /// <summary>Address, comma, length.</summary>
    public bool TryAddressAndLength(out ulong address, out int length)
    {
        length = 0;
        return TryHex(out address) && TrySkip((byte)',') && TryHex(out length);
    }

    /// <summary>A thread id (gdb manual, "thread-id syntax"). Without a process part the process is <see cref="ThreadId.Any"/>.</summary>
    public bool TryThreadId(out ThreadId thread)
    {
        thread = ThreadId.None;
        int process = ThreadId.Any;
        if (TrySkip((byte)'p'))
        {
            if (!TryIdPart(out process))
            {
                return false;
            }

            if (!TrySkip((byte)'.'))
            {
                thread = new ThreadId(process, ThreadId.All);
                return true;
            }
        }

        if (!TryIdPart(out int number))
        {
            return false;
        }

        thread = new ThreadId(process, number);
        return true;
    }

    private bool TryIdPart(out int number)
    {
        if (TrySkip("-1"u8))
        {
            number = ThreadId.All;
            return true;
        }

        return TryHex(out number);
    }
}
