using System;
using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Serving;

/// <summary><c>struct sockaddr_in</c> and <c>sockaddr_in6</c>: family, port in network order, then the address.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal unsafe struct SocketAddress
{
    private const int V4 = 2;
    private const int V6 = 10;
    private const int V4HostOffset = 4;
    private const int V6HostOffset = 8;
    private const int V4HostLength = 4;
    private const int V6HostLength = 16;

    private fixed byte _bytes[128];

    public SocketAddress(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = _bytes)
        {
            bytes.CopyTo(new Span<byte>(start, 128));
        }
    }

    public readonly int Family => _bytes[0];

    public readonly bool IsV4 => Family == V4;

    public readonly uint Length => Family == V6 ? 28u : 16u;

    public readonly int Port => BinaryPrimitives.ReverseEndianness((ushort)(_bytes[2] | (_bytes[3] << 8)));

    public readonly string Host
    {
        get
        {
            IPAddress address = new(HostBytes.ToArray());
            return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        }
    }

    public readonly bool IsLoopback => IPAddress.IsLoopback(new IPAddress(HostBytes.ToArray()));

    private readonly ReadOnlySpan<byte> HostBytes
    {
        get
        {
            fixed (byte* start = _bytes)
            {
                return Family == V6 ? new ReadOnlySpan<byte>(start + V6HostOffset, V6HostLength) : new ReadOnlySpan<byte>(start + V4HostOffset, V4HostLength);
            }
        }
    }

    /// <summary>Every interface.</summary>
    public void ClearHost()
    {
        int offset = Family == V6 ? V6HostOffset : V4HostOffset;
        int length = Family == V6 ? V6HostLength : V4HostLength;
        for (int i = offset; i < offset + length; i++)
        {
            _bytes[i] = 0;
        }
    }
}
