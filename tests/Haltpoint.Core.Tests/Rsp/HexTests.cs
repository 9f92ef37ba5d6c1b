using System;
using System.Linq;
using System.Text;
using Haltpoint.Rsp;
using Xunit;

namespace Haltpoint.Core.Tests.Rsp;

public unsafe class HexTests
{
    private static readonly byte[] s_allBytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    [Fact]
    public void Every_byte_becomes_two_lower_case_digits_and_comes_back()
    {
        byte[] digits = new byte[512];
        fixed (byte* from = s_allBytes, to = digits)
        {
            Hex.Encode(from, 256, to);
        }

        Assert.Equal(Convert.ToHexStringLower(s_allBytes), Encoding.ASCII.GetString(digits));
        Assert.True(Hex.TryDecode(digits, digits));
        Assert.Equal(s_allBytes, digits[..256]);
    }

    [Fact]
    public void Bytes_at_the_end_of_the_destination_are_encoded_in_place()
    {
        for (int length = 0; length <= 33; length++)
        {
            byte[] memory = new byte[2 * length];
            s_allBytes.AsSpan(100, length).CopyTo(memory.AsSpan(length));
            fixed (byte* start = memory)
            {
                Hex.Encode(start + length, length, start);
            }

            Assert.Equal(Convert.ToHexStringLower(s_allBytes.AsSpan(100, length)), Encoding.ASCII.GetString(memory));
        }
    }

    [Fact]
    public void Upper_case_digits_are_read_and_everything_else_is_refused()
    {
        for (int value = 0; value < 256; value++)
        {
            int expected = "0123456789abcdef".IndexOf(char.ToLowerInvariant((char)value), StringComparison.Ordinal);
            Assert.Equal(expected, Hex.Value((byte)value));
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0g")]
    [InlineData("g0")]
    [InlineData("00 0")]
    public void What_is_no_pair_of_digits_is_refused(string digits) =>
        Assert.False(Hex.TryDecode(Encoding.ASCII.GetBytes(digits), new byte[8]));

    [Fact]
    public void A_destination_that_is_too_small_is_refused() => Assert.False(Hex.TryDecode("0011"u8, new byte[1]));
}
