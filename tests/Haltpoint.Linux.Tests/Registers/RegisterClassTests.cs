using System;
using System.Collections.Generic;
using System.Linq;
using Haltpoint.Arch.X86;
using Haltpoint.Linux.Registers;
using Haltpoint.Linux.Tests.Tracees;
using Xunit;

namespace Haltpoint.Linux.Tests.Registers;

/// <summary>Each class of registers against a program that loads them, and checks what was written into them (tests/Tracees/registers.c).</summary>
public class RegisterClassTests
{
    private static readonly string[] s_general =
        ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

    private static readonly string[] s_general32 = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void General(bool wholeImage) =>
        Check("general", [.. s_general.Select((name, i) => (name, Words(i, 1)))], wholeImage, registers =>
        {
            Assert.Equal(0, registers.Write("eflags", registers.ReadNumber("eflags") | 1));
            Assert.Equal(ulong.MaxValue, registers.ReadNumber("orig_rax"));
            Assert.Equal(0x33ul, registers.ReadNumber("cs"));
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stack_of_the_x87(bool wholeImage) =>
        Check("x87", [.. Enumerable.Range(0, 8).Select(i => ($"st{i}", Words(2 * i, 2)[..10]))], wholeImage, registers =>
        {
            Assert.Equal(0x27Ful, registers.ReadNumber("fctrl"));
            Assert.Equal(0, registers.Write("fctrl", 0xB7F));
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sse(bool wholeImage) =>
        Check("sse", [.. Enumerable.Range(0, 16).Select(i => ($"xmm{i}", Words(2 * i, 2)))], wholeImage, registers =>
        {
            Assert.Equal(0x1FA0ul, registers.ReadNumber("mxcsr"));
            Assert.Equal(0, registers.Write("mxcsr", 0x9FC0));
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Avx(bool wholeImage) =>
        Check("avx", [.. Enumerable.Range(0, 16).SelectMany(i => Parts(i, 4 * i, "xmm{0}", "ymm{0}h"))], wholeImage);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Avx512(bool wholeImage) =>
        Check(
            "avx512",
            [
                .. Enumerable.Range(0, 32).SelectMany(i => Parts(i, 8 * i, "xmm{0}", "ymm{0}h", "zmm{0}h")),
                .. Enumerable.Range(0, 8).Select(i => ($"k{i}", Words(256 + i, 1))),
            ],
            wholeImage);

    [Theory]
    [InlineData("general", false)]
    [InlineData("general", true)]
    [InlineData("sse", false)]
    [InlineData("sse", true)]
    [InlineData("avx512", false)]
    [InlineData("avx512", true)]
    public void Of_a_32_bit_program(string name, bool wholeImage)
    {
        List<(string, byte[])> expected = name switch
        {
            "general" => [.. s_general32.Select((register, i) => (register, Words32(i, 1)))],
            "sse" => [.. Enumerable.Range(0, 8).Select(i => ($"xmm{i}", Words32(4 * i, 4)))],
            _ => [.. Enumerable.Range(0, 8).SelectMany(i => new[]
            {
                ($"xmm{i}", Words32(16 * i, 4)), ($"ymm{i}h", Words32((16 * i) + 4, 4)), ($"zmm{i}h", Words32((16 * i) + 8, 8)),
            })],
        };
        using SelfTracedProgram program = new(TraceeBuilder.Build("registers32", "-m32", "-no-pie"), name);
        Check(program, expected, wholeImage, new NamedRegisters(program.Id, is64Bit: false), registers =>
            Assert.Equal(uint.MaxValue, registers.ReadNumber("orig_eax")));
    }

    [Fact]
    public void Segment_bases()
    {
        using SelfTracedProgram program = new(TraceeBuilder.Build("registers"), "segments");
        program.ContinueToTrap();
        NamedRegisters registers = new(program.Id);
        Assert.Equal(0, registers.Write("fs_base", registers.ReadNumber("fs_base") + 64));
        Assert.Equal(0, registers.Write("gs_base", registers.ReadNumber("gs_base") + 4096));
        Assert.Equal(0, program.ContinueToExit());
    }

    [Fact]
    public void Values_that_the_kernel_refuses_are_reported_and_change_nothing()
    {
        using SelfTracedProgram program = new(TraceeBuilder.Build("registers"), "general");
        program.ContinueToTrap();
        NamedRegisters registers = new(program.Id);
        const int inputOutput = 5;
        const int invalid = 22;

        Assert.Equal(inputOutput, registers.Write("fs_base", 0xFFFF_8000_0000_0000)); // a kernel address
        Assert.Equal(inputOutput, registers.Write("cs", 0x30)); // privilege level 0
        Assert.Equal(invalid, registers.Write("mxcsr", 0xFFFF_FFFF)); // reserved bits
        Assert.Equal(0x33ul, registers.ReadNumber("cs"));
        Assert.Equal(0x1F80ul, registers.ReadNumber("mxcsr"));
    }

    [Fact]
    public void The_processor_says_the_same_as_a_thread_does()
    {
        using SelfTracedProgram program = new(TraceeBuilder.Build("registers"), "general");
        const ExtendedFeatures described = ExtendedFeatures.Avx | ExtendedFeatures.Avx512 | ExtendedFeatures.Pkru;
        ThreadRegisters registers = new(program.Id);
        RegisterMap map = registers.MapFor(is64Bit: true);
        Assert.True(registers.ReadImage(map, new byte[map.ImageLength]) > 0);
        Assert.Equal(map.Layout.Features & described, XsaveLayout.OfProcessor().Features & described);
    }

    [Fact]
    public void What_is_in_its_initial_state_reads_as_such_and_can_be_written()
    {
        using SelfTracedProgram program = new(TraceeBuilder.Build("registers"), "general");
        NamedRegisters registers = new(program.Id);
        Assert.Equal(0x37Ful, registers.ReadNumber("fctrl"));
        Assert.Equal(0xFFFFul, registers.ReadNumber("ftag"));

        string[] written = [.. new[] { "st7", "xmm15", "ymm15h", "k7", "zmm15h", "zmm31h", "pkru" }.Where(registers.Has)];
        foreach (string name in written)
        {
            byte[] value = [.. registers.Read(name).Select((_, i) => (byte)(0xA4 + (4 * i)))];
            Assert.Equal(0, registers.Write(name, value));
            Assert.Equal(value, new NamedRegisters(program.Id).Read(name));
        }
    }

    private static void Check(string name, List<(string Name, byte[] Value)> expected, bool wholeImage, Action<NamedRegisters>? more = null)
    {
        using SelfTracedProgram program = new(TraceeBuilder.Build("registers"), name);
        NamedRegisters registers = new(program.Id);
        Assert.SkipWhen(expected.Any(register => !registers.Has(register.Name)), $"this CPU has no {name}");
        Check(program, expected, wholeImage, registers: null, more);
    }

    private static void Check(
        SelfTracedProgram program, List<(string Name, byte[] Value)> expected, bool wholeImage, NamedRegisters? registers, Action<NamedRegisters>? more)
    {
        Assert.SkipWhen(registers is not null && expected.Any(register => !registers.Has(register.Name)), "this CPU lacks the registers");
        program.ContinueToTrap();
        registers = new NamedRegisters(program.Id, registers?.Map.Layout.Is64Bit ?? true);
        byte[] image = registers.ReadImage();
        foreach ((string name, byte[] value) in expected)
        {
            Assert.Equal((name, Convert.ToHexString(value)), (name, Convert.ToHexString(registers.Read(name))));
            Assert.Equal(value, registers.Slice(image, name).ToArray());
            byte[] complement = [.. value.Select(b => (byte)~b)];
            complement.CopyTo(registers.Slice(image, name));
            if (!wholeImage)
            {
                Assert.Equal(0, registers.Write(name, complement));
            }
        }

        if (wholeImage)
        {
            Assert.Equal(0, registers.WriteImage(image));
        }

        more?.Invoke(registers);
        Assert.Equal(0, program.ContinueToExit());
    }

    private static IEnumerable<(string Name, byte[] Value)> Parts(int index, int firstWord, params string[] patterns)
    {
        foreach (string pattern in patterns)
        {
            int words = pattern.StartsWith('z') ? 4 : 2;
            yield return (pattern.Replace("{0}", $"{index}", StringComparison.Ordinal), Words(firstWord, words));
            firstWord += words;
        }
    }

    private static byte[] Words(int first, int count) =>
        [.. Enumerable.Range(first, count).SelectMany(i => BitConverter.GetBytes((0x0102030405060708ul * (ulong)((i % 13) + 1)) + (ulong)i))];

    private static byte[] Words32(int first, int count) =>
        [.. Enumerable.Range(first, count).SelectMany(i => BitConverter.GetBytes((0x01020304u * (uint)((i % 13) + 1)) + (uint)i))];
}
