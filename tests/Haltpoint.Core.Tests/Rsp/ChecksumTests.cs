using System.Linq;
using System.Text;
using Haltpoint.Rsp;
using Xunit;

namespace Haltpoint.Core.Tests.Rsp;

public unsafe class ChecksumTests
{
    [Theory]
    [InlineData("?", 0x3f)]
    [InlineData("g", 0x67)]
    [InlineData("c", 0x63)]
    [InlineData("s", 0x73)]
    [InlineData("k", 0x6b)]
    [InlineData("D", 0x44)]
    [InlineData("3", 0x33)]
    [InlineData("OK", 0x9a)]
    [InlineData("E22", 0xa9)]
    [InlineData("qC", 0xb4)]
    [InlineData("qfThreadInfo", 0xbb)]
    [InlineData("qsThreadInfo", 0xc8)]
    [InlineData("m0,1", 0xfa)]
    [InlineData("m0,8", 0x01)]
    [InlineData("Z0,1000,1", 0xd4)]
    [InlineData("z0,1000,1", 0xf4)]
    [InlineData("Hg0", 0xdf)]
    [InlineData("Hc-1", 0x09)]
    [InlineData("R0", 0x82)]
    [InlineData("C09", 0xac)]
    [InlineData("C15", 0xa9)]
    [InlineData("T05thread:01;", 0x07)]
    [InlineData("W00", 0xb7)]
    [InlineData("", 0x00)]
    public void It_is_the_sum_of_the_payload(string payload, int expected) => Assert.Equal(expected, Sum(Encoding.ASCII.GetBytes(payload)));

    [Fact]
    public void It_does_not_depend_on_how_many_bytes_are_summed_at_a_time()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0xFF, 5000)];
        for (int length = 0; length <= bytes.Length; length += 7)
        {
            Assert.Equal((byte)(length * 0xFF), Sum(bytes[..length]));
        }
    }

    private static byte Sum(byte[] bytes)
    {
        fixed (byte* start = bytes)
        {
            return Checksum.Of(start, bytes.Length);
        }
    }
}
