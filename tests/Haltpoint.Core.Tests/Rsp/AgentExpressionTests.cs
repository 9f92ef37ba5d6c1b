using System;
using System.Linq;
using System.Text;
using Haltpoint.Rsp;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Core.Tests.Rsp;

// Written from the gdb manual, "Bytecode Descriptions".
public class AgentExpressionTests
{
    private static readonly ThreadId s_thread = new(FakeMachine.FirstProcess, FakeMachine.FirstProcess);

    [Theory]
    [InlineData("22 05 22 03 02", 8)] // add
    [InlineData("22 05 22 03 03", 2)] // sub
    [InlineData("22 05 22 03 04", 15)] // mul
    [InlineData("22 f9 16 08 22 02 05", -3)] // ext 8, div_signed
    [InlineData("22 f9 16 08 22 02 06", 0x7FFFFFFFFFFFFFFC)] // div_unsigned
    [InlineData("22 f9 16 08 22 02 07", -1)] // rem_signed
    [InlineData("22 f9 16 08 22 05 08", 4)] // rem_unsigned: 2^64 - 7 modulo 5
    [InlineData("25 80 00 00 00 00 00 00 00 22 ff 16 08 05", long.MinValue)] // the quotient that does not fit
    [InlineData("25 80 00 00 00 00 00 00 00 22 ff 16 08 07", 0)]
    [InlineData("22 03 22 04 09", 0x30)] // lsh
    [InlineData("22 03 22 40 09", 0)]
    [InlineData("22 f0 16 08 22 02 0a", -4)] // rsh_signed
    [InlineData("22 f0 16 08 22 7f 0a", -1)]
    [InlineData("22 f0 16 08 22 3c 0b", 15)] // rsh_unsigned
    [InlineData("22 f0 22 40 0b", 0)]
    [InlineData("22 00 0e", 1)] // log_not
    [InlineData("22 07 0e", 0)]
    [InlineData("22 0c 22 0a 0f", 8)] // bit_and
    [InlineData("22 0c 22 0a 10", 14)] // bit_or
    [InlineData("22 0c 22 0a 11", 6)] // bit_xor
    [InlineData("22 00 12", -1)] // bit_not
    [InlineData("22 05 22 05 13", 1)] // equal
    [InlineData("22 05 22 06 13", 0)]
    [InlineData("22 ff 16 08 22 01 14", 1)] // less_signed: -1 < 1
    [InlineData("22 ff 16 08 22 01 15", 0)] // less_unsigned
    [InlineData("22 01 22 01 14", 0)]
    [InlineData("22 80 16 08", -128)] // ext
    [InlineData("22 80 16 09", 128)]
    [InlineData("22 ff 16 40", 255)]
    [InlineData("24 ff ff ff ff 2a 10", 0xFFFF)] // zero_ext
    [InlineData("22 ff 2a 40", 255)]
    [InlineData("23 12 34", 0x1234)] // const16: constants are big endian
    [InlineData("24 12 34 56 78", 0x12345678)]
    [InlineData("25 ff ff ff ff ff ff ff fe", -2)]
    [InlineData("23 10 23 17", 0x23)] // ref8
    [InlineData("23 10 23 18", 0x2423)] // ref16: memory is little endian
    [InlineData("23 10 23 19", 0x26252423)] // ref32
    [InlineData("23 10 23 1a", 0x2A29282726252423)] // ref64
    [InlineData("26 00 03", 0x10_0000_0003)] // reg 3
    [InlineData("22 05 28 02", 10)] // dup
    [InlineData("22 05 22 06 29", 5)] // pop
    [InlineData("22 05 22 03 2b 03", -2)] // swap
    [InlineData("22 01 22 02 22 03 33 29", 1)] // rot: a b c becomes c a b
    [InlineData("22 01 22 02 22 03 33 29 29", 3)]
    [InlineData("22 07 22 08 22 09 32 02", 7)] // pick
    [InlineData("22 07 32 00 02", 14)]
    [InlineData("22 01 20 00 08 22 05 27 22 06", 6)] // if_goto, taken
    [InlineData("22 00 20 00 08 22 05 27 22 06", 5)] // not taken
    [InlineData("21 00 06 22 05 27 22 06", 6)] // goto
    [InlineData("22 05 0d 08", 5)] // trace_quick leaves the address
    [InlineData("22 05 30 00 08", 5)] // trace16
    [InlineData("22 05 22 06 22 07 0c", 5)] // trace
    [InlineData("22 05 22 06 22 07 2f", 5)] // tracenz
    [InlineData("", 0)] // an empty stack
    [InlineData("22 0a 28 20 00 08 27 29 22 01 03 21 00 02", 0)] // counts down to 0: dup, if_goto, ..., goto
    public void A_program_leaves_this_value(string code, long expected)
    {
        Assert.Equal(AgentStatus.Ok, Evaluate(code + " 27", out long value, out _));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("", AgentStatus.BadJump)]
    [InlineData("22", AgentStatus.BadJump)]
    [InlineData("22 05", AgentStatus.BadJump)]
    [InlineData("25 00 00 00 00 00 00 00", AgentStatus.BadJump)]
    [InlineData("26 00", AgentStatus.BadJump)]
    [InlineData("16", AgentStatus.BadJump)]
    [InlineData("30 00", AgentStatus.BadJump)]
    [InlineData("20 00", AgentStatus.BadJump)]
    [InlineData("21 ff ff", AgentStatus.BadJump)]
    [InlineData("21 00 00", AgentStatus.TooLong)]
    [InlineData("02 27", AgentStatus.StackUnderflow)]
    [InlineData("22 01 02 27", AgentStatus.StackUnderflow)]
    [InlineData("22 01 22 02 33 27", AgentStatus.StackUnderflow)]
    [InlineData("0e 27", AgentStatus.StackUnderflow)]
    [InlineData("28 27", AgentStatus.StackUnderflow)]
    [InlineData("29 27", AgentStatus.StackUnderflow)]
    [InlineData("17 27", AgentStatus.StackUnderflow)]
    [InlineData("16 08 27", AgentStatus.StackUnderflow)]
    [InlineData("20 00 00", AgentStatus.StackUnderflow)]
    [InlineData("22 01 32 01 27", AgentStatus.StackUnderflow)]
    [InlineData("32 ff 27", AgentStatus.StackUnderflow)]
    [InlineData("22 01 21 00 00", AgentStatus.StackOverflow)]
    [InlineData("22 01 22 00 05 27", AgentStatus.DivisionByZero)]
    [InlineData("22 01 22 00 06 27", AgentStatus.DivisionByZero)]
    [InlineData("22 01 22 00 07 27", AgentStatus.DivisionByZero)]
    [InlineData("22 01 22 00 08 27", AgentStatus.DivisionByZero)]
    [InlineData("22 01 16 00 27", AgentStatus.BadOperand)]
    [InlineData("22 01 16 41 27", AgentStatus.BadOperand)]
    [InlineData("22 01 2a ff 27", AgentStatus.BadOperand)]
    [InlineData("22 00 17 27", AgentStatus.BadAddress)]
    [InlineData("23 3f ff 18 27", AgentStatus.BadAddress)]
    [InlineData("26 00 63 27", AgentStatus.BadRegister)]
    [InlineData("26 00 11 27", AgentStatus.BadRegister)]
    [InlineData("00 27", AgentStatus.BadOpcode)]
    [InlineData("01 27", AgentStatus.BadOpcode)]
    [InlineData("1b 27", AgentStatus.BadOpcode)]
    [InlineData("2c 00 01 27", AgentStatus.BadOpcode)]
    [InlineData("31 27", AgentStatus.BadOpcode)]
    [InlineData("ff 27", AgentStatus.BadOpcode)]
    [InlineData("34", AgentStatus.BadOperand)]
    [InlineData("34 00 00", AgentStatus.BadOperand)]
    [InlineData("34 00 00 00 27", AgentStatus.BadOperand)]
    [InlineData("34 00 00 05 61 00 27", AgentStatus.BadOperand)]
    [InlineData("34 00 00 01 61 27", AgentStatus.BadOperand)]
    [InlineData("34 00 00 01 00 27", AgentStatus.StackUnderflow)]
    public void A_program_that_makes_no_sense_ends_with_a_reason(string code, AgentStatus expected)
    {
        Assert.Equal(expected, Evaluate(code, out long value, out _));
        Assert.Equal(0, value);
    }

    // The arguments lie so that the first is uppermost, with the channel and the function above them.
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("100%%", "100%")]
    [InlineData(@"a\nb\tc\\d\""e\x", "a\nb\tc\\d\"ex")]
    [InlineData(@"\a\b\e\f\r\v", "\a\b\x1B\f\r\v")]
    [InlineData(@"\101\60\0601", "A001")]
    [InlineData(@"end\", @"end\")]
    [InlineData("%d %d", "5 -2", 5L, -2L)]
    [InlineData("%i", "-1", 0xFFFFFFFFL)]
    [InlineData("%u", "4294967295", -1L)]
    [InlineData("%ld", "-1", -1L)]
    [InlineData("%lu", "18446744073709551615", -1L)]
    [InlineData("%lld", "-9223372036854775808", long.MinValue)]
    [InlineData("%hd", "-1", 0xFFFFL)]
    [InlineData("%hhu", "255", -1L)]
    [InlineData("%x %X %o", "ab AB 253", 0xABL, 0xABL, 0xABL)]
    [InlineData("%#x %#X %#x", "0xab 0XAB 0", 0xABL, 0xABL, 0L)]
    [InlineData("%p", "0x1000", 0x1000L)]
    [InlineData("%c%c", "ab", 97L, 98L)]
    [InlineData("[%5d]", "[   42]", 42L)]
    [InlineData("[%-5d]", "[42   ]", 42L)]
    [InlineData("[%05d]", "[-0042]", -42L)]
    [InlineData("[%+d] [% d]", "[+1] [ 1]", 1L, 1L)]
    [InlineData("[%.3d]", "[007]", 7L)]
    [InlineData("[%6.3d]", "[   007]", 7L)]
    [InlineData("[%.0d]", "[]", 0L)]
    [InlineData("%s", "!\"#$%&'()", 0x1121L)]
    [InlineData("[%.3s]", "[!\"#]", 0x1121L)]
    [InlineData("[%5.3s]", "[  !\"#]", 0x1121L)]
    [InlineData("[%-5.3s]", "[!\"#  ]", 0x1121L)]
    [InlineData("%d", "3", 3L, 4L)]
    public void Printf_formats_as_C_does(string format, string expected, params long[] arguments)
    {
        Assert.Equal(AgentStatus.Ok, Print(format, arguments, out string printed));
        Assert.Equal(expected, printed);
    }

    [Theory]
    [InlineData("%", AgentStatus.BadOperand)]
    [InlineData("%5", AgentStatus.BadOperand)]
    [InlineData("%f", AgentStatus.BadOperand, 0L)]
    [InlineData("%n", AgentStatus.BadOperand, 0L)]
    [InlineData("%99999999999d", AgentStatus.BadOperand, 0L)]
    [InlineData("%d %d", AgentStatus.StackUnderflow, 1L)]
    [InlineData("%s", AgentStatus.BadAddress, 0L)]
    public void Printf_refuses_what_it_cannot_print(string format, AgentStatus expected, params long[] arguments) =>
        Assert.Equal(expected, Print(format, arguments, out _));

    [Fact]
    public void A_long_text_is_printed_in_pieces() =>
        Assert.Equal((AgentStatus.Ok, new string('x', 3000)), (Print(new string('x', 3000), [], out string printed), printed));

    private static AgentStatus Print(string format, long[] arguments, out string printed)
    {
        string code = string.Concat(arguments.Reverse().Select(a => $"25 {Convert.ToHexString(BitConverter.GetBytes(a).Reverse().ToArray())} "))
            + $"22 00 22 00 34 {arguments.Length:x2} {format.Length + 1:x4} {Convert.ToHexString(Encoding.ASCII.GetBytes(format))} 00 27";
        return Evaluate(code, out _, out printed);
    }

    private static AgentStatus Evaluate(string code, out long value, out string printed)
    {
        FakeMachine machine = new();

        // Ends the string that begins at 1121 (hex).
        machine.Memory[0x12A] = 0;
        FakeTarget target = new(machine);

        AgentStatus status = AgentExpression.Evaluate(ref target, s_thread, Convert.FromHexString(code.Replace(" ", "", StringComparison.Ordinal)), out value);
        printed = string.Concat(machine.Log!);
        return status;
    }
}
