using System;
using System.Collections.Generic;
using System.Globalization;
using Haltpoint.Linux.PageTraps.Instructions;
using Haltpoint.Linux.Registers;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps.Instructions;

/// <summary>Accesses worked out by hand from the processor manuals. The registers are those of <see cref="Registers"/>.</summary>
public class AccessTableTests
{
    private const ulong Ip = 0x40_1000;

    [Theory]
    // G-52, with what a correct decoder says.
    [InlineData("88 08", "w1@10000")]
    [InlineData("40 88 38", "w1@10000")]
    [InlineData("88 38", "w1@10000")]
    [InlineData("66 89 08", "w2@10000")]
    [InlineData("48 89 08", "w8@10000")]
    [InlineData("44 89 08", "w4@10000")]
    [InlineData("8B 00", "r4@10000")]
    [InlineData("0F B6 00", "r1@10000")]
    [InlineData("0F B7 00", "r2@10000")]
    [InlineData("C6 00 7F", "w1@10000")]
    [InlineData("C7 40 04 78 56 34 12", "w4@10004")]
    [InlineData("66 C7 00 34 12", "w2@10000")]
    [InlineData("A4", "r1@60000 w1@70000")]
    [InlineData("0F 6F 00", "r8@10000")]
    [InlineData("C7 04 24 78 56 34 12", "w4@80000")]
    // G-46 and G-50: REX.W wins over 66, and mov of an immediate then writes eight bytes.
    [InlineData("66 48 89 08", "w8@10000")]
    [InlineData("48 C7 00 78 56 34 12", "w8@10000")]
    // Addressing.
    [InlineData("8B 05 10 00 00 00", "r4@401016")]
    [InlineData("67 8B 00", "r4@10000")]
    [InlineData("67 8B 40 F0", "r4@fff0")]
    [InlineData("67 8B 04 58", "r4@70000")]
    [InlineData("64 8B 04 25 08 00 00 00", "r4@f0008")]
    [InlineData("65 48 8B 00", "r8@110000")]
    [InlineData("2E 8B 00", "r4@10000")]
    [InlineData("A1 88 77 66 55 44 33 22 11", "r4@1122334455667788")]
    // Read-modify-write, and what always reads.
    [InlineData("F0 48 0F B1 08", "b8@10000")]
    [InlineData("0F C7 08", "b8@10000")]
    [InlineData("48 0F C7 08", "b16@10000")]
    [InlineData("87 08", "b4@10000")]
    [InlineData("FF 00", "b4@10000")]
    [InlineData("83 38 00", "r4@10000")]
    [InlineData("0F 44 08", "r4@10000")]
    // Bit offsets in a register reach anywhere; in the instruction they stay inside.
    [InlineData("0F A3 10", "r4@10004")]
    [InlineData("0F AB 10", "b4@10004")]
    [InlineData("48 0F A3 18", "r8@16000")]
    [InlineData("48 0F A3 38", "r8@1e000")]
    [InlineData("4C 0F B3 20", "b8@fff8")]
    [InlineData("0F BA 28 FF", "b4@10000")]
    // The stack.
    [InlineData("50", "w8@7fff8")]
    [InlineData("66 50", "w2@7fffe")]
    [InlineData("6A 01", "w8@7fff8")]
    [InlineData("FF 74 24 08", "r8@80008 w8@7fff8")]
    [InlineData("8F 04 24", "r8@80000 w8@80008")]
    [InlineData("58", "r8@80000")]
    [InlineData("9C", "w8@7fff8")]
    [InlineData("E8 00 00 00 00", "w8@7fff8")]
    [InlineData("FF 10", "r8@10000 w8@7fff8")]
    [InlineData("FF 20", "r8@10000")]
    [InlineData("C3", "r8@80000")]
    [InlineData("C9", "r8@90000")]
    [InlineData("C8 10 00 00", "w8@7fff8")]
    [InlineData("C8 10 00 03", "r8@8fff8 r8@8fff0 w8@7fff8 w8@7fff0 w8@7ffe8 w8@7ffe0")]
    [InlineData("C8 10 00 21", "w8@7fff8 w8@7fff0")]
    // Strings: one element, and none when the count is zero.
    [InlineData("F3 48 A5", "r8@60000 w8@70000")]
    [InlineData("F3 AA", "w1@70000")]
    [InlineData("67 E3 00", "")]
    [InlineData("A6", "r1@60000 r1@70000")]
    [InlineData("64 AD", "r4@150000")]
    [InlineData("67 A4", "r1@60000 w1@70000")]
    [InlineData("D7", "r1@30000")]
    // What accesses nothing.
    [InlineData("8D 00", "")]
    [InlineData("0F 18 08", "")]
    [InlineData("0F 1F 40 00", "")]
    [InlineData("0F AE 38", "")]
    [InlineData("89 C8", "")]
    // The processor's state.
    [InlineData("0F AE 00", "w512@10000")]
    [InlineData("DD 28", "r8@10000", false)]
    [InlineData("DB 28", "r10@10000")]
    [InlineData("0F AE 18", "w4@10000")]
    [InlineData("0F 01 FC", "w64@10000")]
    // Broadcast reads one element.
    [InlineData("62 F1 7C 58 58 00", "r4@10000")]
    [InlineData("62 F1 7C 48 58 40 01", "r64@10040")]
    [InlineData("C5 FC 11 00", "w32@10000")]
    public void Accesses_are_those_worked_out_by_hand(string code, string expected, bool isValid = true)
    {
        KnownInstruction? instruction = new InstructionCache().Find(Ip, Convert.FromHexString(code.Replace(" ", "", StringComparison.Ordinal)), false);
        Assert.Equal(isValid, instruction is not null);
        if (instruction is not null)
        {
            Assert.Equal(expected, Describe(instruction, Registers()));
        }
    }

    [Theory]
    [InlineData("8B 00", "r4@10000")]
    [InlineData("65 8B 00", "r4@110000")]
    [InlineData("A1 88 77 66 55", "r4@55667788")]
    [InlineData("60", "w4@7fffc w4@7fff8 w4@7fff4 w4@7fff0 w4@7ffec w4@7ffe8 w4@7ffe4 w4@7ffe0")]
    [InlineData("50", "w4@7fffc")]
    [InlineData("E8 00 00 00 00", "w4@7fffc")]
    [InlineData("40", "")]
    [InlineData("67 8B 00", "r4@0")]
    public void Accesses_of_32_bit_code(string code, string expected)
    {
        KnownInstruction? instruction = new InstructionCache().Find(Ip, Convert.FromHexString(code.Replace(" ", "", StringComparison.Ordinal)), true);
        Assert.Equal(expected, Describe(Assert.IsType<KnownInstruction>(instruction), Registers()));
    }

    [Fact]
    public void A_repeated_instruction_with_no_count_left_accesses_nothing()
    {
        PlainRegisters registers = Registers();
        registers[UserRegister.Rcx] = 0;
        Assert.Equal("", Describe(new InstructionCache().Find(Ip, [0xF3, 0xA4], false)!, registers));
    }

    [Fact]
    public void Code_that_has_changed_is_decoded_anew()
    {
        InstructionCache cache = new();
        KnownInstruction? first = cache.Find(Ip, [0x8B, 0x00, 0x90], false);
        Assert.Same(first, cache.Find(Ip, [0x8B, 0x00, 0xCC], false));
        Assert.Equal("w4@10000", Describe(cache.Find(Ip, [0x89, 0x00, 0x90], false)!, Registers()));
        Assert.Null(cache.Find(Ip, [0x06], false));
    }

    private static PlainRegisters Registers()
    {
        PlainRegisters registers = new();
        registers[UserRegister.Rax] = 0x1_0000;
        registers[UserRegister.Rbx] = 0x3_0000;
        registers[UserRegister.Rcx] = 0x4_0000;
        registers[UserRegister.Rdx] = 0x20;
        registers[UserRegister.Rsi] = 0x6_0000;
        registers[UserRegister.Rdi] = 0x7_0000;
        registers[UserRegister.Rsp] = 0x8_0000;
        registers[UserRegister.Rbp] = 0x9_0000;
        registers[UserRegister.R12] = ulong.MaxValue;
        registers[UserRegister.FsBase] = 0xF_0000;
        registers[UserRegister.GsBase] = 0x10_0000;
        registers[UserRegister.Ds] = registers[UserRegister.Es] = registers[UserRegister.Ss] = 0x2B;
        registers[UserRegister.Cs] = 0x23;
        return registers;
    }

    private static string Describe(KnownInstruction instruction, PlainRegisters registers)
    {
        MemoryAccess[] accesses = new MemoryAccess[MemoryAccess.Most];
        int count = instruction.FindAccesses(ref registers, accesses);
        List<string> texts = [];
        foreach (MemoryAccess access in accesses.AsSpan(0, count))
        {
            char direction = access.Direction switch { AccessDirection.Read => 'r', AccessDirection.Write => 'w', _ => 'b' };
            texts.Add(string.Create(CultureInfo.InvariantCulture, $"{direction}{access.Size}@{access.Address:x}"));
        }

        return string.Join(' ', texts);
    }
}
