using Haltpoint.Arch.X86;
using Xunit;

namespace Haltpoint.Core.Tests.Arch.X86;

public class DebugStatusTests
{
    [Fact] // C-15
    public void After_reset_nothing_has_happened()
    {
        DebugStatus status = new(DebugStatus.Reset);

        Assert.Equal(0, status.HitSlots);
        Assert.False(status.IsStep || status.IsRegisterAccess || status.IsTaskSwitch || status.IsBusLock || status.IsInTransaction);
    }

    [Theory] // A-93; bits 11 and 16 are active low
    [InlineData(0xFFFF_0FF5, 0b0101, false, false, false, false, false)]
    [InlineData(0xFFFF_4FF0, 0, true, false, false, false, false)]
    [InlineData(0xFFFF_2FF0, 0, false, true, false, false, false)]
    [InlineData(0xFFFF_8FF0, 0, false, false, true, false, false)]
    [InlineData(0xFFFF_07F0, 0, false, false, false, true, false)]
    [InlineData(0xFFFE_0FF8, 0b1000, false, false, false, false, true)]
    public void Each_bit_means_what_the_manual_says(
        ulong word, int slots, bool step, bool registerAccess, bool taskSwitch, bool busLock, bool transaction)
    {
        DebugStatus status = new(word);

        Assert.Equal(slots, status.HitSlots);
        Assert.Equal(
            (step, registerAccess, taskSwitch, busLock, transaction),
            (status.IsStep, status.IsRegisterAccess, status.IsTaskSwitch, status.IsBusLock, status.IsInTransaction));
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            Assert.Equal((slots & (1 << slot)) != 0, status.IsHit(slot));
        }
    }
}
