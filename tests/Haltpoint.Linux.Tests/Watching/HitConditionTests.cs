using Haltpoint.Breakpoints;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Watching;
using Xunit;

namespace Haltpoint.Linux.Tests.Watching;

public class HitConditionTests
{
    private static readonly WatchHit s_hit = new()
    {
        Time = 1,
        Cpu = 0,
        ProcessId = 10,
        ThreadId = 11,
        ThreadName = "worker",
        Access = AccessKind.Write,
        Address = 0x1000,
        Length = 4,
        Value = 42,
        OldValue = 0xffffffff,
        InstructionPointer = 0x2000,
        Location = new CodeFrame("update", "a.c", 3, "/bin/a", 0, false),
        Count = 1,
        Stack = [],
    };

    [Theory]
    [InlineData("value == 42", true)]
    [InlineData("value == 0x2a && old != 0", true)]
    [InlineData("value != 42 || thread == \"worker\"", true)]
    [InlineData("thread == 11", true)]
    [InlineData("thread == 'other'", false)]
    [InlineData("function == 'update'", true)]
    [InlineData("old == -1", true)]
    [InlineData("old > value", true)]
    [InlineData("old < 0", false)]
    [InlineData("!(value == 42)", false)]
    [InlineData("!value==41&&(old>=4294967295||value<=0)", true)]
    [InlineData("signed old < 0 && signed value > 0", true)]
    [InlineData("signed old == 4294967295", false)]
    [InlineData("hits == 7", true)]
    [InlineData("hits > 7 || 'a' != 'a'", false)]
    public void A_condition_is_judged(string text, bool expected) => Assert.Equal(expected, Parse(text).IsTrue(new HitFacts(s_hit, 7)));

    [Theory]
    [InlineData("value == 42")]
    [InlineData("value != 42")]
    public void Nothing_is_true_of_an_unknown_value(string text) => Assert.False(Parse(text).IsTrue(new HitFacts(s_hit with { Value = null }, 1)));

    [Theory]
    [InlineData("value = 42", 7)]
    [InlineData("value == ", 10)]
    [InlineData("value == 42 and old", 13)]
    [InlineData("valu == 42", 1)]
    [InlineData("(value == 42", 13)]
    [InlineData("thread == 'x", 11)]
    [InlineData("function < 'x'", 12)]
    [InlineData("value == 'x'", 10)]
    [InlineData("function == thread", 13)]
    [InlineData("signed hits == 1", 8)]
    [InlineData("value == 1 && signed", 21)]
    [InlineData("", 1)]
    public void An_error_names_its_place(string text, int character)
    {
        Assert.False(HitCondition.TryParse(text, out _, out string error));
        Assert.StartsWith($"character {character}:", error, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Judging_allocates_nothing()
    {
        HitCondition condition = Parse("(value == 42 && thread == 'worker') || function == 'none' || hits < 3");
        HitFacts facts = new(s_hit, 7);
        condition.IsTrue(facts);
        long before = System.GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            condition.IsTrue(facts);
        }

        Assert.Equal(before, System.GC.GetAllocatedBytesForCurrentThread());
    }

    private static HitCondition Parse(string text) =>
        HitCondition.TryParse(text, out HitCondition? condition, out string error) ? condition : throw new System.FormatException(error);
}
