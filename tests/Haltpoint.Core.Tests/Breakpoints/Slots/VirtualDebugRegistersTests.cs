using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

public class VirtualDebugRegistersTests
{
    public static TheoryData<string> Cases => DebugRegisterScript.CaseNames();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Registers_behave_as_the_facts_say(string name)
    {
        using ModelDebugRegisters task = new();
        DebugRegisterScript.Run(name, task);
    }

    [Fact] // C-16, C-17
    public void A_hit_sets_the_bit_of_its_register_and_the_next_exception_clears_it()
    {
        using ModelDebugRegisters task = new();
        task.Write(0, 0x1000);
        task.Write(2, 0x2000);
        task.Write(7, 0x0101_0011);
        SlotId[] placed = Placed(task);

        task.Registers.BeginException(isStep: true);
        Assert.True(task.Registers.TryRecordHit(placed[1]));
        Assert.False(task.Registers.TryRecordHit(SlotId.None));
        Assert.Equal(0xFFFF_4FF4ul, task.Read(6));

        task.Registers.BeginException(isStep: false);
        Assert.True(task.Registers.TryRecordHit(placed[0]));
        Assert.Equal(0xFFFF_0FF1ul, task.Read(6));
    }

    [Fact] // C-19, A-89
    public void A_new_program_has_none_of_it_and_its_slots_are_free()
    {
        using ModelDebugRegisters task = new();
        task.Write(0, 0x1000);
        task.Write(7, 0x1111_0055);
        task.Write(6, 0);

        Assert.Equal(SlotStatus.Ok, task.Registers.Flush(task.Pool, SlotWait.ForLock));

        Assert.Equal((0ul, DebugStatus.Reset, 0ul), (task.Read(0), task.Read(6), task.Read(7)));
        Assert.True(task.Pool.IsEmpty);
    }

    [Fact] // C-8: what is off is in no register, what is on again is
    public void Only_what_is_enabled_is_placed()
    {
        using ModelDebugRegisters task = new();
        task.Write(0, 0x1000);
        Assert.Empty(Placed(task));
        task.Write(7, 0x0001_0001);
        Assert.Single(Placed(task));
        task.Write(7, 0);
        Assert.Empty(Placed(task));
        task.Write(7, 0x0001_0001);
        Assert.Single(Placed(task));
    }

    [Fact]
    public void A_debugger_that_may_not_wait_is_told_so_and_changes_nothing()
    {
        using TestPool pool = new(SlotProfile.X86, 2, 1);
        VirtualDebugRegisters registers = default;
        Assert.Equal(SlotStatus.Ok, registers.Write(pool.Pool, 0, 0, 0x1000, SlotWait.Never));
        Assert.Equal(SlotStatus.Ok, registers.Write(pool.Pool, 0, 7, 0x1_0001, SlotWait.Never));
        pool.Lock = 1;
        Assert.Equal(SlotStatus.Busy, registers.Write(pool.Pool, 0, 0, 0x2000, SlotWait.Never));
        Assert.Equal(SlotStatus.Busy, registers.Write(pool.Pool, 0, 7, 0, SlotWait.Never));
        Assert.Equal(SlotStatus.Busy, registers.Read(pool.Pool, 0, SlotWait.Never, out _));
        Assert.Equal(SlotStatus.Busy, registers.Flush(pool.Pool, SlotWait.Never));
        pool.Lock = 0;
        Assert.Equal(SlotStatus.Ok, registers.Read(pool.Pool, 0, SlotWait.Never, out ulong address));
        Assert.Equal(0x1000ul, address);
        registers.Read(pool.Pool, 7, SlotWait.Never, out ulong control);
        Assert.Equal(0x1_0001ul, control);
    }

    private static SlotId[] Placed(ModelDebugRegisters task)
    {
        SlotPlacement[] placed = new SlotPlacement[4];
        Assert.Equal(SlotStatus.Ok, task.Pool.Layout(0, [0], 0, SlotWait.ForLock, placed, out int count));
        SlotId[] ids = new SlotId[count];
        foreach (SlotPlacement placement in placed[..count])
        {
            ids[placement.Register] = placement.Id;
        }

        return ids;
    }
}
