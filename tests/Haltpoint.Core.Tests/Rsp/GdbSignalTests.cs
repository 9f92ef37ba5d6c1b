using Haltpoint.Rsp;
using Xunit;

namespace Haltpoint.Core.Tests.Rsp;

public class GdbSignalTests
{
    // What gdbserver says on Linux x86-64 for each signal raised.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0x01)]
    [InlineData(2, 0x02)]
    [InlineData(3, 0x03)]
    [InlineData(4, 0x04)]
    [InlineData(5, 0x05)]
    [InlineData(6, 0x06)]
    [InlineData(7, 0x0a)]
    [InlineData(8, 0x08)]
    [InlineData(9, 0x09)]
    [InlineData(10, 0x1e)]
    [InlineData(11, 0x0b)]
    [InlineData(12, 0x1f)]
    [InlineData(13, 0x0d)]
    [InlineData(14, 0x0e)]
    [InlineData(15, 0x0f)]
    [InlineData(17, 0x14)]
    [InlineData(18, 0x13)]
    [InlineData(19, 0x11)]
    [InlineData(20, 0x12)]
    [InlineData(21, 0x15)]
    [InlineData(22, 0x16)]
    [InlineData(23, 0x10)]
    [InlineData(24, 0x18)]
    [InlineData(25, 0x19)]
    [InlineData(26, 0x1a)]
    [InlineData(27, 0x1b)]
    [InlineData(28, 0x1c)]
    [InlineData(29, 0x17)]
    [InlineData(30, 0x20)]
    [InlineData(31, 0x0c)]
    [InlineData(32, 0x4d)]
    [InlineData(33, 0x2d)]
    [InlineData(34, 0x2e)]
    [InlineData(63, 0x4b)]
    [InlineData(64, 0x4e)]
    public void Numbers_are_translated_both_ways(int linux, int gdb)
    {
        Assert.Equal(gdb, GdbSignal.FromLinux(linux));
        Assert.Equal(linux, GdbSignal.ToLinux(gdb));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(65)]
    [InlineData(-1)]
    public void A_signal_that_gdb_has_no_number_for_is_unknown(int linux) => Assert.Equal(GdbSignal.Unknown, GdbSignal.FromLinux(linux));

    [Fact]
    public void Every_number_goes_to_a_signal_that_comes_back_or_to_none()
    {
        for (int gdb = 0; gdb < 300; gdb++)
        {
            int linux = GdbSignal.ToLinux(gdb);
            Assert.True(linux == -1 || (linux <= GdbSignal.LastLinux && GdbSignal.FromLinux(linux) == gdb), $"{gdb} became {linux}");
        }
    }
}
