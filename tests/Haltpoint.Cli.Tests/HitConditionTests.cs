using System;
using Haltpoint.Breakpoints;
using Haltpoint.Cli.Watch;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Watching;
using Xunit;

namespace Haltpoint.Cli.Tests;

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
    public void A_condition_is_judged(string text, bool expected) => Assert.Equal(expected, HitCondition.Parse(text)(s_hit));

    [Theory]
    [InlineData("value == 42")]
    [InlineData("value != 42")]
    public void Nothing_is_true_of_an_unknown_value(string text) => Assert.False(HitCondition.Parse(text)(s_hit with { Value = null }));

    [Theory]
    [InlineData("value = 42", 7)]
    [InlineData("value == ", 10)]
    [InlineData("value == 42 and old", 13)]
    [InlineData("valu == 42", 1)]
    [InlineData("(value == 42", 13)]
    [InlineData("thread == 'x", 11)]
    [InlineData("function < 'x'", 12)]
    [InlineData("value == 'x'", 10)]
    [InlineData("", 1)]
    public void An_error_names_its_place(string text, int character)
    {
        WatchException error = Assert.Throws<WatchException>(() => HitCondition.Parse(text));
        Assert.StartsWith($"--when, character {character}:", error.Message, StringComparison.Ordinal);
    }
}
