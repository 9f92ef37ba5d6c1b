using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Tracing;

/// <summary>The bytes of one access, as they lie in memory; at most those of the widest vector register.</summary>
public readonly struct AccessValue : IEquatable<AccessValue>
{
    /// <summary>An access with more bytes has no value here.</summary>
    public const int MaxLength = 64;

    private readonly Storage _bytes;
    private readonly byte _length;

    /// <param name="bytes">At most <see cref="MaxLength"/>; none for a value that is not known.</param>
    public AccessValue(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Storage, byte>(ref _bytes), MaxLength));
        _length = (byte)bytes.Length;
    }

    public bool IsKnown => _length > 0;

    /// <summary>The least significant byte first; none when the value is not known.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => ((ReadOnlySpan<byte>)_bytes)[.._length];

    /// <summary>As a number; null when it is not known or has more than eight bytes.</summary>
    public ulong? Number => _length is > 0 and <= sizeof(ulong) ? WordAt(0) : null;

    public static bool operator ==(AccessValue left, AccessValue right) => left.Equals(right);

    public static bool operator !=(AccessValue left, AccessValue right) => !left.Equals(right);

    /// <summary>The eight bytes from an offset on, zeros behind the last.</summary>
    public ulong WordAt(int offset) => MemoryMarshal.Read<ulong>(((ReadOnlySpan<byte>)_bytes)[offset..]);

    public bool Equals(AccessValue other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is AccessValue other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>In hexadecimal, the most significant digit first; "?" when it is not known.</summary>
    public override string ToString()
    {
        if (!IsKnown)
        {
            return "?";
        }

        Span<byte> reversed = stackalloc byte[MaxLength];
        Bytes.CopyTo(reversed);
        reversed = reversed[.._length];
        reversed.Reverse();
        string digits = Convert.ToHexStringLower(reversed).TrimStart('0');
        return digits.Length == 0 ? "0x0" : $"0x{digits}";
    }

    [InlineArray(MaxLength)]
    private struct Storage
    {
        private byte _first;
    }
}
