using System;
using System.Collections.Generic;
using Iced.Intel;

namespace Haltpoint.Linux.Tests.PageTraps.Instructions;

/// <summary>Encodings of every opcode there is, with random operands in memory.</summary>
internal sealed class InstructionGenerator(Random random, bool is32Bit)
{
    private readonly InstructionInfoFactory _factory = new();

    /// <summary>Every opcode once, in random order; most of them decode to nothing of interest.</summary>
    public IEnumerable<byte[]> All()
    {
        List<Func<byte[]>> makers = [];
        for (int opcode = 0; opcode < 256; opcode++)
        {
            int op = opcode;
            for (int variant = 0; variant < 8 * 8; variant++)
            {
                (int extension, int prefix, bool wide) = (variant & 7, variant >> 3 & 3, variant >> 5 != 0);
                for (int map = 0; map < 4; map++)
                {
                    int m = map;
                    makers.Add(() => Legacy(m, op, extension, prefix, wide));
                }

                for (int length = 0; length < 2; length++)
                {
                    int l = length;
                    makers.Add(() => Vex(random.Next(1, 4), op, extension, prefix, wide, l));
                }

                for (int length = 0; length < 3; length++)
                {
                    // The first three maps have most of the opcodes.
                    int l = length;
                    makers.Add(() => Evex(random.Next(1, 7), op, extension, prefix, wide, l));
                    makers.Add(() => Evex(random.Next(1, 4), op, extension, prefix, wide, l));
                }
            }
        }

        Func<byte[]>[] order = [.. makers];
        random.Shuffle(order);
        foreach (Func<byte[]> maker in order)
        {
            yield return maker();
        }
    }

    /// <summary>Decodes it.</summary>
    /// <returns>Whether it is an instruction that accesses memory.</returns>
    public bool TryDecode(byte[] code, out Instruction instruction, out byte[] bytes, out ConstantOffsets offsets)
    {
        Decoder decoder = Decoder.Create(is32Bit ? 32 : 64, code, ExecutorLayout.Code);
        decoder.Decode(out instruction);
        offsets = decoder.GetConstantOffsets(instruction);
        bytes = code[..instruction.Length];
        if (instruction.IsInvalid || instruction.IsPrivileged || (is32Bit && instruction.SegmentPrefix == Register.CS))
        {
            return false;
        }

        foreach (UsedMemory memory in _factory.GetInfo(instruction).GetUsedMemory())
        {
            return memory.Access != OpAccess.NoMemAccess;
        }

        return instruction.Mnemonic == Mnemonic.Clzero;
    }

    private byte[] Legacy(int map, int opcode, int extension, int prefix, bool wide)
    {
        List<byte> code = Prefixes();
        if (prefix != 0)
        {
            code.Add(prefix switch { 1 => 0x66, 2 => 0xF2, _ => 0xF3 });
        }

        if (random.Next(8) == 0)
        {
            code.Add(0xF0);
        }

        if (!is32Bit && (wide || random.Next(2) == 0))
        {
            code.Add((byte)(0x40 | (wide ? 8 : 0) | random.Next(8)));
        }

        ReadOnlySpan<byte> escape = map switch { 0 => [], 1 => [0x0F], 2 => [0x0F, 0x38], _ => [0x0F, 0x3A] };
        foreach (byte part in escape)
        {
            code.Add(part);
        }

        code.Add((byte)opcode);
        return Finish(code, extension);
    }

    private byte[] Vex(int map, int opcode, int extension, int prefix, bool wide, int length)
    {
        List<byte> code = Prefixes();
        int registers = is32Bit ? 0xE0 : random.Next(8) << 5;
        int source = random.Next(4) == 0 ? 15 : random.Next(is32Bit ? 8 : 16);
        code.AddRange([0xC4, (byte)(registers | map), (byte)((wide ? 0x80 : 0) | (~source & 15) << 3 | length << 2 | prefix), (byte)opcode]);
        return Finish(code, extension);
    }

    private byte[] Evex(int map, int opcode, int extension, int prefix, bool wide, int length)
    {
        List<byte> code = Prefixes();
        int registers = is32Bit ? 0xF0 : random.Next(16) << 4;
        int source = random.Next(3) == 0 ? 0 : random.Next(is32Bit ? 8 : 32);
        int mask = random.Next(3) == 0 ? 0 : random.Next(8);
        int zeroing = mask != 0 && random.Next(2) == 0 ? 0x80 : 0;
        int broadcast = random.Next(4) == 0 ? 0x10 : 0;
        code.AddRange(
        [
            0x62, (byte)(registers | map), (byte)((wide ? 0x80 : 0) | (~source & 15) << 3 | 4 | prefix),
            (byte)(zeroing | length << 5 | broadcast | (source < 16 ? 8 : 0) | mask), (byte)opcode,
        ]);
        return Finish(code, extension);
    }

    private List<byte> Prefixes()
    {
        List<byte> code = [];
        if (random.Next(12) == 0)
        {
            code.Add(random.Next(2) == 0 ? (byte)0x64 : (byte)0x65);
        }

        if (random.Next(16) == 0)
        {
            code.Add(0x67);
        }

        return code;
    }

    private byte[] Finish(List<byte> code, int extension)
    {
        int mode = random.Next(3);
        code.Add((byte)(mode << 6 | extension << 3 | random.Next(8)));
        byte[] rest = new byte[16];
        random.NextBytes(rest);
        code.AddRange(rest);
        return [.. code];
    }
}
