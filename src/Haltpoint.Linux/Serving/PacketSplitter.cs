using System;

namespace Haltpoint.Linux.Serving;

/// <summary>Cuts one direction of a byte stream where packets and single-byte messages end, for the log.</summary>
internal sealed class PacketSplitter
{
    // '#' and two digits.
    private const int TrailerLength = 3;

    // More than any packet either side may send; a stream without an end of packet is then shown in pieces.
    private const int Most = 1 << 20;

    private byte[] _bytes = new byte[4096];
    private int _length;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _length < bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + bytes.Length));
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    public bool TryTake(out byte[] packet)
    {
        packet = [];
        int length = NextLength(_bytes.AsSpan(0, _length));
        if (length == 0)
        {
            return false;
        }

        packet = _bytes[..length];
        _length -= length;
        _bytes.AsSpan(length, _length).CopyTo(_bytes);
        return true;
    }

    private static int NextLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return 0;
        }

        if (bytes[0] is not ((byte)'$' or (byte)'%'))
        {
            return bytes[0] is (byte)'+' or (byte)'-' or 3 ? 1 : JunkLength(bytes);
        }

        int end = bytes.IndexOf((byte)'#');
        if (end >= 0 && end + TrailerLength <= bytes.Length)
        {
            return end + TrailerLength;
        }

        return bytes.Length >= Most ? bytes.Length : 0;
    }

    private static int JunkLength(ReadOnlySpan<byte> bytes)
    {
        int next = bytes.IndexOfAny("$%+-\x03"u8);
        return next < 0 ? bytes.Length : next;
    }
}
