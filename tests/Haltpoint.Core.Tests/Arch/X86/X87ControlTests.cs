using System;
using System.Buffers.Binary;
using Haltpoint.Arch.X86;
using Xunit;

namespace Haltpoint.Core.Tests.Arch.X86;

public class X87ControlTests
{
    // Intel SDM vol. 2, FXSAVE, "Recreating FSAVE format": exponent all ones, all zeros or neither; integer bit; fraction zero or not.
    [Theory]
    [InlineData(0x7FFF, 0x8000_0000_0000_0000, 2)] // infinity
    [InlineData(0x7FFF, 0xC000_0000_0000_0000, 2)] // quiet NaN
    [InlineData(0xFFFF, 0x8000_0000_0000_0001, 2)] // signalling NaN
    [InlineData(0x7FFF, 0x0000_0000_0000_0000, 2)] // pseudo-infinity
    [InlineData(0x0000, 0x0000_0000_0000_0000, 1)] // +0
    [InlineData(0x8000, 0x0000_0000_0000_0000, 1)] // -0
    [InlineData(0x0000, 0x0000_0000_0000_0001, 2)] // denormal
    [InlineData(0x0000, 0x8000_0000_0000_0000, 2)] // pseudo-denormal
    [InlineData(0x3FFF, 0x8000_0000_0000_0000, 0)] // 1
    [InlineData(0xBFFF, 0x8000_0000_0000_0000, 0)] // -1
    [InlineData(0x7FFE, 0xFFFF_FFFF_FFFF_FFFF, 0)] // largest
    [InlineData(0x0001, 0x8000_0000_0000_0000, 0)] // smallest normal
    [InlineData(0x4000, 0x7FFF_FFFF_FFFF_FFFF, 2)] // unnormal
    public void A_full_register_is_valid_zero_or_special_by_its_contents(int exponent, ulong significand, int tag)
    {
        Span<byte> stack = stackalloc byte[128];
        BinaryPrimitives.WriteUInt64LittleEndian(stack, significand);
        BinaryPrimitives.WriteUInt16LittleEndian(stack[8..], (ushort)exponent);

        Assert.Equal((ushort)(0xFFFC | tag), X87Control.FullTags(0x01, 0, stack));
    }

    [Theory]
    [InlineData(0x00, 0, 0xFFFF)]
    [InlineData(0xFF, 0, 0x5555)] // eight zeros
    [InlineData(0x80, 7, 0x7FFF)]
    [InlineData(0x81, 7, 0x7FFD)]
    public void Empty_registers_need_no_contents(byte abridged, int top, int full) =>
        Assert.Equal((ushort)full, X87Control.FullTags(abridged, top, new byte[128]));

    // After one push onto an empty stack, st0 is physical register 7.
    [Fact]
    public void Tags_go_by_physical_register_and_contents_by_stack_position()
    {
        byte[] stack = new byte[128];
        BinaryPrimitives.WriteUInt64LittleEndian(stack, 1ul << 63);
        BinaryPrimitives.WriteUInt16LittleEndian(stack.AsSpan(8), 0x3FFF);
        Assert.Equal(0x3FFF, X87Control.FullTags(0x80, 7, stack));
        Assert.Equal(0x7FFF, X87Control.FullTags(0x80, 6, stack));
    }

    [Theory]
    [InlineData(0xFFFF, 0x00)]
    [InlineData(0x3FFF, 0x80)]
    [InlineData(0xFFFE, 0x01)]
    [InlineData(0x0000, 0xFF)]
    [InlineData(0xAAAA, 0xFF)]
    [InlineData(0xCCCC, 0x55)]
    public void A_tag_is_abridged_to_whether_the_register_is_full(int full, byte abridged) =>
        Assert.Equal(abridged, X87Control.AbridgedTags((ushort)full));

    [Fact]
    public void The_control_registers_survive_a_round_trip_through_the_saved_area()
    {
        byte[] area = new byte[512];
        byte[] control = new byte[X87Control.Length];
        uint[] values = [0x037F, 0x3800, 0x3FFF, 0x1234, 0x89AB_CDEF, 0x5678, 0xFEDC_BA98, 0x07FF];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(control.AsSpan(i * 4), values[i]);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(area.AsSpan(32), 1ul << 63);
        BinaryPrimitives.WriteUInt16LittleEndian(area.AsSpan(40), 0x3FFF);
        X87Control.ToLegacy(control, area);
        byte[] back = new byte[X87Control.Length];
        X87Control.FromLegacy(area, back);

        Assert.Equal(control, back);
        // FXSAVE: FCW 0, FSW 2, FTW 4, FOP 6, FIP 8, FCS 12, FDP 16, FDS 20.
        Assert.Equal("7F03003880" + "00FF07" + "EFCDAB89" + "34120000" + "98BADCFE" + "7856", Convert.ToHexString(area.AsSpan(0, 22)));
    }
}
