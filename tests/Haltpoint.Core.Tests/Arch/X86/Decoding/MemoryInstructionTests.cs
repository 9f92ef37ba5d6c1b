using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Haltpoint.Arch.X86.Decoding;
using Haltpoint.Breakpoints;
using Iced.Intel;
using Xunit;

namespace Haltpoint.Core.Tests.Arch.X86.Decoding;

/// <summary>The decoder against Iced, which knows everything, on encodings of every opcode; and against the vectors of G-52.</summary>
public class MemoryInstructionTests
{
    private const ulong Address = 0xFFFF_FFFF_8010_0000;
    private const int RandomCount = 300_000;

    private static readonly InstructionInfoFactory s_factory = new();

    [Theory]
    [InlineData("88 08", AccessKind.Write, 1, 1)]
    [InlineData("40 88 38", AccessKind.Write, 1, 7)]
    [InlineData("88 38", AccessKind.Write, 1, 7)]
    [InlineData("66 89 08", AccessKind.Write, 2, 1)]
    [InlineData("48 89 08", AccessKind.Write, 8, 1)]
    [InlineData("44 89 08", AccessKind.Write, 4, 9)]
    [InlineData("8B 00", AccessKind.Read, 4, 0)]
    [InlineData("0F B6 00", AccessKind.Read, 1, 0)]
    [InlineData("0F B7 00", AccessKind.Read, 2, 0)]
    [InlineData("C6 00 7F", AccessKind.Write, 1, 0)]
    [InlineData("C7 40 04 78 56 34 12", AccessKind.Write, 4, 0)]
    [InlineData("66 C7 00 34 12", AccessKind.Write, 2, 0)]
    [InlineData("0F 6F 00", AccessKind.Read, 8, 0)]
    [InlineData("C7 04 24 78 56 34 12", AccessKind.Write, 4, 0)]
    // G-46 and G-50: REX.W wins, and an immediate is extended to eight bytes.
    [InlineData("66 48 89 08", AccessKind.Write, 8, 1)]
    [InlineData("48 C7 00 78 56 34 12", AccessKind.Write, 8, 0)]
    public void The_vectors_have_the_width_and_register_that_the_processor_uses(string code, AccessKind access, int size, int register)
    {
        byte[] bytes = Bytes(code);

        Assert.True(MemoryInstruction.TryDecode(bytes, out MemoryInstruction instruction));
        Assert.Equal((bytes.Length, access, size, register), (instruction.Length, instruction.Access, instruction.Size, instruction.Register));
    }

    [Theory]
    [InlineData("A4", "r1 w1")]
    [InlineData("F3 48 AB", "w8")]
    [InlineData("F2 AE", "r1")]
    [InlineData("66 A7", "r2 r2")]
    [InlineData("F3 AD", "r4")]
    public void String_instructions_have_an_element_at_each_end(string code, string expected)
    {
        Assert.True(MemoryInstruction.TryDecode(Bytes(code), out MemoryInstruction instruction));

        List<string> found = [];
        if (instruction.UsesSource)
        {
            found.Add($"r{instruction.Size}");
        }

        if (instruction.DestinationAccess != AccessKind.None)
        {
            found.Add($"{(instruction.DestinationAccess == AccessKind.Write ? 'w' : 'r')}{instruction.Size}");
        }

        Assert.Equal(expected, string.Join(' ', found));
    }

    [Theory]
    [InlineData("90")]
    [InlineData("48 8D 00")]
    [InlineData("89 C8")]
    [InlineData("0F 1F 40 00")]
    [InlineData("0F 18 08")]
    [InlineData("CC")]
    [InlineData("C5 F8 28 00")]
    [InlineData("8B")]
    [InlineData("8B 05 00 00 00")]
    [InlineData("66 66 66 66 66 66 66 66 66 66 66 66 66 66 8B 00")]
    public void What_touches_no_memory_or_does_not_end_is_none(string code) => Assert.False(MemoryInstruction.TryDecode(Bytes(code), out _));

    /// <summary>Every opcode of the four maps, with every prefix that may change it, every form of ModRM and a SIB byte of each kind.</summary>
    [Fact]
    public void Every_encoding_has_the_length_the_address_and_the_access_that_Iced_finds()
    {
        byte[][] prefixes = [[], [0x66], [0xF2], [0xF3], [0x48], [0x66, 0x48], [0xF3, 0x48], [0xF2, 0x4F], [0x47], [0x67], [0x64], [0x65, 0x41], [0x66, 0xF2], [0x42], [0xF2, 0xF3, 0x44]];
        byte[][] maps = [[], [0x0F], [0x0F, 0x38], [0x0F, 0x3A]];
        byte[] code = new byte[20];
        Random random = new(1);
        Differences differences = new();
        int compared = 0;
        foreach (byte[] map in maps)
        {
            for (int opcode = 0; opcode < 256; opcode++)
            {
                foreach (byte[] prefix in prefixes)
                {
                    for (int modRm = 0; modRm < 256; modRm++)
                    {
                        random.NextBytes(code);
                        prefix.CopyTo(code, 0);
                        map.CopyTo(code, prefix.Length);
                        code[prefix.Length + map.Length] = (byte)opcode;
                        code[prefix.Length + map.Length + 1] = (byte)modRm;
                        compared += Compare(code, random, differences);
                    }
                }
            }
        }

        differences.AssertNone();

        // Of about four million encodings; a comparison of next to nothing would be none.
        Assert.InRange(compared, 700_000, int.MaxValue);
    }

    [Fact]
    public void Random_bytes_are_read_as_Iced_reads_them()
    {
        byte[] code = new byte[20];
        Random random = new(2);
        Differences differences = new();
        int compared = 0;
        for (int i = 0; i < RandomCount; i++)
        {
            random.NextBytes(code);
            compared += Compare(code, random, differences);
        }

        differences.AssertNone();
        Assert.InRange(compared, RandomCount / 10, RandomCount);
    }

    /// <returns>1 when it was an instruction with a memory operand that is ours to know.</returns>
    private static int Compare(byte[] code, Random random, Differences differences)
    {
        Decoder decoder = Decoder.Create(64, code, Address);
        decoder.Decode(out Instruction expected);
        bool isFound = MemoryInstruction.TryDecode(code.AsSpan(0, 15), out MemoryInstruction found);
        if (!IsOurs(expected))
        {
            // An encoding that the processor refuses may be taken for its neighbour: it never gets as far as memory.
            if (isFound && !expected.IsInvalid && !IsElsewhere(expected))
            {
                differences.Add(code, expected, "is none of ours");
            }

            return 0;
        }

        if (!isFound || expected.Length != found.Length)
        {
            differences.Add(code, expected, isFound ? $"length {found.Length}" : "is not known");
            return 1;
        }

        ulong[] registers = new ulong[16];
        for (int i = 0; i < 16; i++)
        {
            registers[i] = (ulong)random.NextInt64();
        }

        List<(ulong, int, AccessKind)> wanted = Accesses(expected, registers);
        List<(ulong, int, AccessKind)> got = [];
        if (found.Form != MemoryForm.String || found.UsesSource)
        {
            got.Add((found.AddressOf(registers, Address, SegmentBase(found.Segment)), found.Size, found.UsesSource ? AccessKind.Read : found.Access));
        }

        if (found.DestinationAccess != AccessKind.None)
        {
            got.Add((found.DestinationOf(registers), found.Size, found.DestinationAccess));
        }

        wanted.Sort();
        got.Sort();
        if (!wanted.SequenceEqual(got))
        {
            differences.Add(code, expected, $"{string.Join(' ', got)}, not {string.Join(' ', wanted)}");
        }

        return 1;
    }

    private static List<(ulong, int, AccessKind)> Accesses(in Instruction instruction, ulong[] registers)
    {
        InstructionInfo info = s_factory.GetInfo(instruction);
        List<(ulong, int, AccessKind)> accesses = [];
        foreach (UsedMemory memory in info.GetUsedMemory())
        {
            AccessKind access = memory.Access switch
            {
                OpAccess.Read or OpAccess.CondRead => AccessKind.Read,
                OpAccess.Write or OpAccess.CondWrite => AccessKind.Write,
                OpAccess.ReadWrite or OpAccess.ReadCondWrite => AccessKind.ReadWrite,
                _ => AccessKind.None,
            };
            if (access == AccessKind.None || IsStack(instruction, memory))
            {
                continue;
            }

            accesses.Add((AddressOf(instruction, memory, registers), SizeOf(instruction, memory), access));
        }

        return accesses;
    }

    // The stack's own side of push, pop and call.
    private static bool IsStack(in Instruction instruction, UsedMemory memory) =>
        instruction.IsStackInstruction && memory.Base == Register.RSP && memory.Index == Register.None
        && (!HasOperand(instruction) || memory.Access == (instruction.Mnemonic == Mnemonic.Pop ? OpAccess.Read : OpAccess.Write));

    private static bool HasOperand(in Instruction instruction)
    {
        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Memory)
            {
                return true;
            }
        }

        return false;
    }

    private static int SizeOf(in Instruction instruction, UsedMemory memory) => instruction.Mnemonic switch
    {
        Mnemonic.Fxsave or Mnemonic.Fxrstor or Mnemonic.Fxsave64 or Mnemonic.Fxrstor64 => 512,
        // The table's limit and its base.
        Mnemonic.Sgdt or Mnemonic.Sidt or Mnemonic.Lgdt or Mnemonic.Lidt => 10,
        // A repeated string instruction has no size as a whole.
        _ => memory.MemorySize == MemorySize.Unknown ? instruction.MemorySize.GetSize() : memory.MemorySize.GetSize(),
    };

    private static ulong AddressOf(in Instruction instruction, UsedMemory memory, ulong[] registers)
    {
        ulong Read(Register register) => register switch
        {
            Register.None => 0,
            Register.RIP or Register.EIP => 0,
            Register.AL => registers[0] & 0xFF,
            _ => registers[register.GetFullRegister() - Register.RAX] & (register.GetSize() == 4 ? uint.MaxValue : ulong.MaxValue),
        };
        ulong offset = memory.Displacement + Read(memory.Base) + (Read(memory.Index) * (ulong)memory.Scale);
        if (instruction.Mnemonic is Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc && instruction.Op1Kind == OpKind.Register)
        {
            int size = instruction.Op1Register.GetSize();
            long bit = (long)Read(instruction.Op1Register);
            bit = size == 2 ? (short)bit : size == 4 ? (int)bit : bit;
            offset += (ulong)(bit >> (size == 2 ? 4 : size == 4 ? 5 : 6)) * (ulong)size;
        }

        offset &= memory.AddressSize == CodeSize.Code32 ? uint.MaxValue : ulong.MaxValue;
        return offset + (memory.Segment == Register.FS ? SegmentBase(0x64) : memory.Segment == Register.GS ? SegmentBase(0x65) : 0);
    }

    private static ulong SegmentBase(byte prefix) => prefix == 0x64 ? 0x1_0000_0000UL : prefix == 0x65 ? 0x2_0000_0000UL : 0;

    private static bool IsOurs(in Instruction instruction)
    {
        if (instruction.IsInvalid || IsElsewhere(instruction))
        {
            return false;
        }

        foreach (UsedMemory memory in s_factory.GetInfo(instruction).GetUsedMemory())
        {
            if (memory.Access is not (OpAccess.NoMemAccess or OpAccess.None) && !IsStack(instruction, memory))
            {
                return true;
            }
        }

        return false;
    }

    // What a kernel without XSAVE cannot execute, what belongs to virtual machines and enclaves, and what transfers control between segments.
    private static bool IsElsewhere(in Instruction instruction)
    {
        if (instruction.Encoding != EncodingKind.Legacy)
        {
            return true;
        }

        foreach (CpuidFeature feature in instruction.CpuidFeatures)
        {
            if (feature is CpuidFeature.XSAVE or CpuidFeature.XSAVEOPT or CpuidFeature.XSAVEC or CpuidFeature.XSAVES or CpuidFeature.VMX or CpuidFeature.SVM
                or CpuidFeature.INVPCID or CpuidFeature.MPX or CpuidFeature.CET_SS or CpuidFeature.MOVDIR64B or CpuidFeature.ENQCMD or CpuidFeature.KL
                or CpuidFeature.AESKLE or CpuidFeature.WIDE_KL or CpuidFeature.D3NOW or CpuidFeature.CLDEMOTE or CpuidFeature.CLFSH
                or CpuidFeature.CLFLUSHOPT or CpuidFeature.CLWB or CpuidFeature.CLZERO or CpuidFeature.PTWRITE or CpuidFeature.PADLOCK_ACE
                or CpuidFeature.PADLOCK_PHE or CpuidFeature.PADLOCK_PMM or CpuidFeature.PADLOCK_RNG or CpuidFeature.RAO_INT)
            {
                return true;
            }
        }

        return instruction.Code is Code.Call_m1616 or Code.Call_m1632 or Code.Call_m1664 or Code.Jmp_m1616 or Code.Jmp_m1632 or Code.Jmp_m1664
            || instruction.Mnemonic is Mnemonic.Enter or Mnemonic.Leave or Mnemonic.Xrstor or Mnemonic.Monitor or Mnemonic.Monitorx
                or Mnemonic.Lkgs or Mnemonic.Rdmsrlist or Mnemonic.Wrmsrlist or Mnemonic.Pbndkb or Mnemonic.Rmpupdate or Mnemonic.Umonitor
                or Mnemonic.Ccs_hash or Mnemonic.Ccs_encrypt;
    }

    private static byte[] Bytes(string text) =>
        Array.ConvertAll(text.Split(' '), b => byte.Parse(b, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    /// <summary>One of each kind says enough.</summary>
    private sealed class Differences
    {
        private readonly Dictionary<(Code, int), string> _all = [];

        public void Add(byte[] code, in Instruction instruction, string what) =>
            _all.TryAdd((instruction.Code, what.Length / 32), $"{Convert.ToHexString(code, 0, 15)} {instruction}: {what}");

        public void AssertNone() => Assert.True(_all.Count == 0, string.Join('\n', _all.Values.Take(200)));
    }
}
