using System.Collections.Generic;
using System.Globalization;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Xunit;

namespace Haltpoint.Core.Tests.Arch.X86;

public class DebugControlTests
{
    public static IEnumerable<object[]> Words()
    {
        foreach (string[] words in Vectors.Read("dr7.txt"))
        {
            AccessKind access = words[2] switch { "X" => AccessKind.Execute, "W" => AccessKind.Write, _ => AccessKind.ReadWrite };
            yield return [int.Parse(words[0], CultureInfo.InvariantCulture), int.Parse(words[1], CultureInfo.InvariantCulture), access, Vectors.Number(words[3])];
        }
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void Arming_a_slot_gives_the_word_of_the_manual(int slot, int length, AccessKind access, ulong word) =>
        Assert.Equal(word, default(DebugControl).Arm(slot, access, length).Bits);

    [Theory]
    [MemberData(nameof(Words))]
    public void A_word_of_the_manual_is_read_back_and_disarms_to_nothing(int slot, int length, AccessKind access, ulong word)
    {
        DebugControl control = new(word);
        for (int other = 0; other < DebugControl.SlotCount; other++)
        {
            Assert.Equal(other == slot, control.IsArmed(other));
        }

        Assert.Equal(length, control.LengthOf(slot));
        Assert.Equal(access, control.AccessOf(slot));
        Assert.Equal(0ul, control.Disarm(slot).Bits);
    }

    [Fact]
    public void Arming_and_disarming_one_slot_leaves_the_others_alone()
    {
        DebugControl all = default;
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            all = all.Arm(slot, AccessKind.ReadWrite, 4);
        }

        Assert.Equal(0xFFFF_02AAul, all.Bits);
        Assert.Equal(0xF0FF_028Aul, all.Disarm(2).Bits);
        Assert.Equal(0xF1FF_02AAul, all.Arm(2, AccessKind.Write, 1).Bits);
    }

    [Theory]
    [InlineData(0x01ul)]
    [InlineData(0x02ul)]
    [InlineData(0x03ul)]
    public void Either_enable_bit_arms(ulong word) => Assert.True(new DebugControl(word).IsArmed(0));

    [Fact]
    public void A_port_watch_has_no_access_of_ours() => Assert.Equal(AccessKind.None, new DebugControl(0x0002_0001).AccessOf(0));
}
