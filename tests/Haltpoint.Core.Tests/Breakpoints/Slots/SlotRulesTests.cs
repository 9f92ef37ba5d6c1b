using System;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

public class SlotRulesTests
{
    private const AccessKind Read = AccessKind.Read;
    private const AccessKind Write = AccessKind.Write;
    private const AccessKind ReadWrite = AccessKind.ReadWrite;
    private const AccessKind Execute = AccessKind.Execute;

    private static readonly SlotProfile s_arm32 = SlotProfile.Arm(6, 4, canMismatch: true, tellsWhich: true);

    [Theory]
    [InlineData(0x1000, 1, Write, SlotStatus.Ok)]
    [InlineData(0x1001, 1, ReadWrite, SlotStatus.Ok)]
    [InlineData(0x1002, 2, Write, SlotStatus.Ok)]
    [InlineData(0x1004, 4, Write, SlotStatus.Ok)]
    [InlineData(0x1008, 8, ReadWrite, SlotStatus.Ok)]
    [InlineData(0x1001, 8, Execute, SlotStatus.Ok)]
    [InlineData(ulong.MaxValue, 2, Write, SlotStatus.BadAddress)]
    [InlineData(ulong.MaxValue, 1, Write, SlotStatus.NotPermitted)]
    [InlineData(0x1000, 8, Read, SlotStatus.BadAccess)]
    [InlineData(0x1000, 8, AccessKind.None, SlotStatus.BadAccess)]
    [InlineData(0x1000, 8, (AccessKind)7, SlotStatus.BadAccess)]
    [InlineData(0x1000, 8, Execute | Write, SlotStatus.BadAccess)]
    [InlineData(0x1000, 8, (AccessKind)33, SlotStatus.BadAccess)]
    [InlineData(0x1000, 1, Execute, SlotStatus.BadLength)]
    [InlineData(0x1000, 4, Execute, SlotStatus.BadLength)]
    [InlineData(0x1000, 72, Execute, SlotStatus.BadLength)]
    [InlineData(0x1000, 0, Write, SlotStatus.BadLength)]
    [InlineData(0x1000, 3, Write, SlotStatus.BadLength)]
    [InlineData(0x1008, 16, Write, SlotStatus.BadAddress)]
    [InlineData(0x1000, 16, Write, SlotStatus.Unsupported)]
    [InlineData(0x1001, 2, Write, SlotStatus.BadAddress)]
    [InlineData(0x1004, 8, Write, SlotStatus.BadAddress)]
    [InlineData(0x7FFF_FFFF_EFF8, 8, Write, SlotStatus.Ok)]
    [InlineData(0x7FFF_FFFF_F000, 8, Write, SlotStatus.NotPermitted)] // first byte
    public void X86(ulong address, ulong length, AccessKind access, SlotStatus expected) =>
        Assert.Equal(expected, Check(SlotProfile.X86, address, length, access, out _));

    [Theory]
    [InlineData(0x1000, 4, Write, SlotStatus.Ok)]
    [InlineData(0x1000, 8, Write, SlotStatus.Unsupported)]
    [InlineData(0x1000, 4, Execute, SlotStatus.Ok)]
    [InlineData(0x1000, 8, Execute, SlotStatus.BadLength)]
    [InlineData(0x1_0000_0000, 4, Write, SlotStatus.BadAddress)]
    public void X86_with_32_bits(ulong address, ulong length, AccessKind access, SlotStatus expected) =>
        Assert.Equal(expected, Check(SlotProfile.I386, address, length, access, out _));

    [Theory]
    [InlineData(0x1000, 16, SlotStatus.Ok, 15ul)]
    [InlineData(0x1_0000, 0x1_0000, SlotStatus.Ok, 0xFFFFul)]
    [InlineData(0x1000, 8, SlotStatus.Ok, 0ul)]
    [InlineData(0x1008, 16, SlotStatus.BadAddress, 0ul)]
    [InlineData(0x1000, 24, SlotStatus.BadLength, 0ul)]
    public void Amd_address_masks(ulong address, ulong length, SlotStatus expected, ulong mask)
    {
        Assert.Equal(expected, Check(SlotProfile.AmdMasks, address, length, Write, out SlotForm form));
        Assert.Equal(mask, form.Mask);
    }

    [Theory] // the first byte is the user's, the last is not
    [InlineData(0x7FFF_FFFF_8000, 0x4000, SlotStatus.Ok)]
    [InlineData(0x7FFF_FFFF_8000, 0x8000, SlotStatus.NotPermitted)]
    public void A_range_that_ends_in_the_kernel_is_the_kernels(ulong address, ulong length, SlotStatus expected) =>
        Assert.Equal(expected, Check(SlotProfile.AmdMasks, address, length, Write, out _));

    [Fact]
    public void An_x86_breakpoint_is_programmed_with_length_1()
    {
        Check(SlotProfile.X86, 0x1001, 8, Execute, out SlotForm form);
        Assert.Equal((0x1001ul, 1ul, SlotClass.Data), (form.Address, form.Length, form.Class));
    }

    [Theory]
    [InlineData(0x1000, 8, Read, SlotStatus.Ok, 0x1000, 0b1111_1111)]
    [InlineData(0x1003, 2, Write, SlotStatus.Ok, 0x1000, 0b0001_1000)]
    [InlineData(0x1003, 5, Write, SlotStatus.Ok, 0x1000, 0b1111_1000)]
    [InlineData(0x1007, 1, ReadWrite, SlotStatus.Ok, 0x1000, 0b1000_0000)]
    [InlineData(0x1004, 5, Write, SlotStatus.BadAddress, 0x1004, 0)]
    [InlineData(0x1000, 9, Write, SlotStatus.BadLength, 0x1000, 0)]
    public void Arm64(ulong address, ulong length, AccessKind access, SlotStatus expected, ulong start, ulong mask)
    {
        Assert.Equal(expected, Check(SlotProfile.Arm64(6, 4), address, length, access, out SlotForm form));
        Assert.Equal((start, mask), (form.Address, form.Mask));
    }

    [Theory] // other lengths are corrected without a word
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void An_arm64_breakpoint_is_4_bytes(ulong length)
    {
        Assert.Equal(SlotStatus.Ok, Check(SlotProfile.Arm64(6, 4), 0x1000, length, Execute, out SlotForm form));
        Assert.Equal((4ul, SlotClass.Instruction), (form.Length, form.Class));
    }

    [Fact]
    public void Arm64_watches_kernel_addresses_on_cpus_and_not_for_a_task()
    {
        SlotRequest request = Request(0xFFFF_0000_0000_0000, 8, Write, SlotFlags.Privileged);
        Assert.Equal(SlotStatus.Ok, SlotRules.Check(SlotProfile.Arm64(6, 4), request, default, out _));
        request.Task = 3;
        Assert.Equal(SlotStatus.BadAddress, SlotRules.Check(SlotProfile.Arm64(6, 4), request, default, out _));
    }

    [Theory]
    [InlineData(0x1000, 4, SlotStatus.Ok)]
    [InlineData(0x1000, 8, SlotStatus.Ok)]
    [InlineData(0x1001, 2, SlotStatus.Ok)]
    [InlineData(0x1002, 2, SlotStatus.Ok)]
    [InlineData(0x1003, 1, SlotStatus.Ok)]
    [InlineData(0x1003, 2, SlotStatus.BadAddress)]
    [InlineData(0x1002, 4, SlotStatus.BadAddress)]
    [InlineData(0x1004, 8, SlotStatus.BadAddress)]
    [InlineData(0x1000, 3, SlotStatus.BadLength)]
    public void Arm(ulong address, ulong length, SlotStatus expected)
    {
        SlotRequest request = Request(address, length, Write, SlotFlags.None);
        request.Task = 0;
        Assert.Equal(expected, SlotRules.Check(s_arm32, request, default, out _));
    }

    [Fact]
    public void Arm_keeps_a_register_for_stepping_and_refuses_cpus_and_the_kernel()
    {
        Assert.Equal((5, 4), (s_arm32.InstructionSlots, s_arm32.DataSlots));
        SlotProfile old = SlotProfile.Arm(6, 4, canMismatch: false, tellsWhich: false);
        Assert.Equal((6, 1), (old.InstructionSlots, old.DataSlots));

        SlotRequest request = Request(0x1000, 4, Write, SlotFlags.Privileged);
        Assert.Equal(SlotStatus.BadTarget, SlotRules.Check(s_arm32, request, default, out _));
        request.Task = 0;
        request.Address = 0xC000_0000;
        Assert.Equal(SlotStatus.NotPermitted, SlotRules.Check(s_arm32, request, default, out _));
    }

    [Theory]
    [InlineData(0x1000, 8, Read, SlotStatus.Ok, 0x1000, 8)]
    [InlineData(0x1002, 4, Write, SlotStatus.Ok, 0x1000, 8)]
    [InlineData(0x1006, 4, Write, SlotStatus.BadLength, 0x1000, 16)]
    [InlineData(0x1000, 0, Write, SlotStatus.BadLength, 0x1000, 0)]
    [InlineData(0x1000, 8, AccessKind.None, SlotStatus.BadAccess, 0x1000, 8)]
    public void PowerPc_dabr(ulong address, ulong length, AccessKind access, SlotStatus expected, ulong start, ulong bytes)
    {
        Assert.Equal(expected, Check(SlotProfile.PowerPcDabr, address, length, access, out SlotForm form));
        Assert.Equal((start, bytes), (form.Address, form.Length));
    }

    [Theory]
    [InlineData(0x1000, 512, false, SlotStatus.Ok)]
    [InlineData(0x1004, 512, true, SlotStatus.BadLength)]
    [InlineData(0x1008, 504, false, SlotStatus.Ok)]
    [InlineData(0x1008, 512, false, SlotStatus.BadAddress)]
    [InlineData(0x1008, 512, true, SlotStatus.Ok)]
    [InlineData(0x11FC, 8, false, SlotStatus.BadAddress)]
    public void PowerPc_dawr(ulong address, ulong length, bool mayCross, SlotStatus expected) =>
        Assert.Equal(expected, Check(SlotProfile.PowerPcDawr(2, mayCross), address, length, Write, out _));

    [Fact]
    public void PowerPc_has_no_slot_for_a_breakpoint()
    {
        using TestPool pool = new(SlotProfile.PowerPcDawr(2, mayCross: true), 2, 1);
        pool.ExpectNoSpace(0, TestPool.None, Execute);
        Assert.Equal(0, pool.Free(0, TestPool.None, Execute));
        Assert.Equal(2, pool.Free(0, TestPool.None));
    }

    [Fact]
    public void A_processor_without_registers_says_so()
    {
        SlotProfile none = SlotProfile.PowerPcDabr;
        none.DataSlots = 0;
        Assert.Equal(SlotStatus.NoRegisters, Check(none, 0x1000, 8, Write, out _));
    }

    [Theory] // the end of the range at or behind the start, its start before the end
    [InlineData(0x4FF8, 8, Write, SlotStatus.Ok)]
    [InlineData(0x4FFF, 1, Write, SlotStatus.Ok)]
    [InlineData(0x4FF0, 32, Write, SlotStatus.Forbidden)]
    [InlineData(0x5000, 1, ReadWrite, SlotStatus.Forbidden)]
    [InlineData(0x507F, 1, Write, SlotStatus.Forbidden)]
    [InlineData(0x5080, 8, Write, SlotStatus.Ok)]
    [InlineData(0x9000, 8, Execute, SlotStatus.Forbidden)] // not to be executed through, may be watched
    [InlineData(0x9000, 8, Write, SlotStatus.Ok)]
    public void What_a_debug_exception_needs_is_not_watched(ulong address, ulong length, AccessKind access, SlotStatus expected)
    {
        ReadOnlySpan<ForbiddenRange> forbidden =
        [
            new ForbiddenRange { Start = 0x5000, Length = 0x80, Accesses = ReadWrite | Execute },
            new ForbiddenRange { Start = 0x9000, Length = 0x10, Accesses = Execute },
        ];
        SlotStatus status = SlotRules.Check(SlotProfile.AmdMasks, Request(address, length, access, SlotFlags.None), forbidden, out _);
        Assert.Equal(expected, status);
    }

    [Theory]
    [InlineData(SlotFlags.None, SlotStatus.NotPermitted)]
    [InlineData(SlotFlags.Privileged, SlotStatus.Ok)]
    [InlineData(SlotFlags.UserOnly, SlotStatus.BadAddress)]
    [InlineData(SlotFlags.UserOnly | SlotFlags.Privileged, SlotStatus.BadAddress)]
    public void A_kernel_address_needs_the_privilege(SlotFlags flags, SlotStatus expected) =>
        Assert.Equal(expected, SlotRules.Check(SlotProfile.X86, Request(0xFFFF_8000_0000_0000, 8, Write, flags), default, out _));

    private static SlotStatus Check(in SlotProfile profile, ulong address, ulong length, AccessKind access, out SlotForm form) =>
        SlotRules.Check(profile, Request(address, length, access, SlotFlags.None), default, out form);

    private static SlotRequest Request(ulong address, ulong length, AccessKind access, SlotFlags flags) => new()
    {
        Address = address,
        Length = length,
        Access = access,
        Flags = flags,
        Cpu = SlotRequest.EveryCpu,
        Task = SlotRequest.NoTask,
    };
}
