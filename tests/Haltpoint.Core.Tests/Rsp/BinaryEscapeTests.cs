using System;
using System.Linq;
using Haltpoint.Rsp;
using Xunit;

namespace Haltpoint.Core.Tests.Rsp;

public unsafe class BinaryEscapeTests
{
    [Fact]
    public void Exactly_four_bytes_are_escaped()
    {
        for (int value = 0; value < 256; value++)
        {
            byte[] expected = (char)value is '#' or '$' or '}' or '*' ? [(byte)'}', (byte)(value ^ 0x20)] : [(byte)value];
            Assert.Equal(expected, Encode([(byte)value], room: 2, out _));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(100)]
    public void Data_of_any_density_comes_back_whether_or_not_it_lies_in_its_destination(int percentSpecial)
    {
        Random random = new(percentSpecial);
        for (int round = 0; round < 300; round++)
        {
            byte[] data = [.. Enumerable.Range(0, random.Next(200)).Select(_ => random.Next(100) < percentSpecial ? "#$}*"u8[random.Next(4)] : (byte)random.Next(256))];
            int room = data.Length + random.Next(40);
            byte[] apart = Encode(data, room, out int taken);
            Assert.Equal(data[..taken], Decode(apart));

            byte[] within = EncodeWithin(data, room, out int takenWithin);
            Assert.Equal(data[..takenWithin], Decode(within));
            Assert.True(takenWithin == data.Length || within.Length >= room - 1 - (data.Length / 16), "room was left unused");
        }
    }

    [Fact]
    public void An_escape_without_its_byte_is_refused()
    {
        Assert.Equal(-1, BinaryEscape.Decode([(byte)'a', (byte)'}']));
        Assert.Equal(-1, BinaryEscape.Decode([.. "aaaaaaaaaaaaaaa}"u8]));
    }

    private static byte[] Encode(byte[] data, int room, out int taken)
    {
        byte[] result = new byte[room + 1];
        fixed (byte* from = data, to = result)
        {
            int length = BinaryEscape.Encode(from, data.Length, to, to + room, out taken);
            Assert.InRange(length, 0, room);
            return result[..length];
        }
    }

    private static byte[] EncodeWithin(byte[] data, int room, out int taken)
    {
        byte[] memory = new byte[room + 1];
        data.CopyTo(memory, room - data.Length);
        fixed (byte* start = memory)
        {
            int length = BinaryEscape.Encode(start + room - data.Length, data.Length, start, start + room, out taken);
            Assert.InRange(length, 0, room);
            return memory[..length];
        }
    }

    private static byte[] Decode(byte[] data)
    {
        int length = BinaryEscape.Decode(data);
        return data[..length];
    }
}
