using System;
using System.Buffers.Binary;
using Haltpoint.Linux.PageTraps.Instructions;
using Haltpoint.Linux.Registers;
using Iced.Intel;

namespace Haltpoint.Linux.Tests.PageTraps.Instructions;

/// <summary>Random machine states in which an instruction's operands are on or near the data pages, often right at a border of one.</summary>
internal sealed class StateGenerator(Random random, bool is32Bit, MachineState start)
{
    private const ulong Code32 = 0x23;
    private const ulong FlatData = 0x2B;
    private const ulong Identification = 0x20_0000;
    private const ulong Carry = 1;
    private const ulong Direction = 0x400;
    private const ulong RandomFlags = 0x8D5;
    private const int XmmStart = 160;
    private const int LegacyEnd = 416;
    private const int HeaderStart = 512;

    private static readonly UserRegister[] s_general =
    [
        UserRegister.Rax, UserRegister.Rcx, UserRegister.Rdx, UserRegister.Rbx, UserRegister.Rsp, UserRegister.Rbp, UserRegister.Rsi, UserRegister.Rdi,
        UserRegister.R8, UserRegister.R9, UserRegister.R10, UserRegister.R11, UserRegister.R12, UserRegister.R13, UserRegister.R14, UserRegister.R15,
    ];

    /// <summary>Makes one.</summary>
    /// <param name="instruction">Decoded.</param>
    /// <param name="offsets">Of its constants.</param>
    /// <param name="bytes">It; a displacement may be changed.</param>
    public MachineState Make(in Instruction instruction, in ConstantOffsets offsets, byte[] bytes)
    {
        MachineState state = start.Copy();
        random.NextBytes(state.Data);
        FillVectors(state);
        foreach (UserRegister register in s_general)
        {
            state.Words[(int)register] = RandomWord();
        }

        Set(state, UserRegister.Rsp, Target(8) & (random.Next(4) == 0 ? ulong.MaxValue : ~7ul));
        Set(state, UserRegister.Eflags, 0x202 | (start.Words[(int)UserRegister.Eflags] & Identification) | ((ulong)random.Next() & RandomFlags) | (random.Next(3) == 0 ? Direction : 0) | (random.Next(2) == 0 ? Carry : 0));
        Set(state, UserRegister.Rip, ExecutorLayout.Code);
        Set(state, UserRegister.FsBase, (ulong)random.Next(0x10000));
        Set(state, UserRegister.GsBase, (ulong)random.Next(0x10000));
        if (is32Bit)
        {
            Set(state, UserRegister.Cs, Code32);
            Set(state, UserRegister.Ss, FlatData);
            Set(state, UserRegister.Ds, FlatData);
            Set(state, UserRegister.Es, FlatData);
            Set(state, UserRegister.Fs, FlatData);
            Set(state, UserRegister.Gs, FlatData);
            foreach (UserRegister register in s_general)
            {
                state.Words[(int)register] &= uint.MaxValue;
            }
        }

        PlaceImplied(state, instruction);
        PlaceNamed(state, instruction, offsets, bytes);
        return state;
    }

    private static void Set(MachineState state, UserRegister register, ulong value) => state.Words[(int)register] = value;

    private ulong RandomWord() => random.Next(4) switch
    {
        0 => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
        1 => (ulong)random.NextInt64(-300, 300),
        2 => Target(8),
        _ => (ulong)random.Next(),
    };

    // An operand of so many bytes that is inside the writable pages, across their middle, flush with or just over an end, or on the others.
    private ulong Target(int size)
    {
        ulong length = (ulong)int.Max(size, 1);
        return random.Next(10) switch
        {
            0 => ExecutorLayout.WritableEnd - length,
            1 => ExecutorLayout.WritableEnd - length + 1,
            2 => ExecutorLayout.WritableStart,
            3 => ExecutorLayout.WritableStart - 1,
            4 => ExecutorLayout.WritableStart + ExecutorLayout.PageSize - (ulong)random.Next(1, int.Max(size, 2)),
            5 => ExecutorLayout.ReadOnlyStart + (ulong)(random.Next(ExecutorLayout.PageSize / 64) * 64),
            _ => ExecutorLayout.WritableStart + ((ulong)random.Next(2 * ExecutorLayout.PageSize / 64) * 64) + (random.Next(2) == 0 ? 0 : (ulong)random.Next(64)),
        };
    }

    private void PlaceImplied(MachineState state, in Instruction instruction)
    {
        int size = instruction.MemorySize.GetSize();
        if (instruction.IsStringInstruction || instruction.Mnemonic is Mnemonic.Maskmovq or Mnemonic.Maskmovdqu or Mnemonic.Vmaskmovdqu)
        {
            Set(state, UserRegister.Rsi, Target(size));
            Set(state, UserRegister.Rdi, Target(size));
            if (instruction.IsStringInstruction)
            {
                Set(state, UserRegister.Rcx, (ulong)random.Next(4));
            }
        }

        switch (instruction.Mnemonic)
        {
            case Mnemonic.Xlatb:
                Set(state, UserRegister.Rbx, Target(1) - (state.Words[(int)UserRegister.Rax] & 0xFF));
                break;
            case Mnemonic.Clzero:
                Set(state, UserRegister.Rax, Target(64));
                break;
            case Mnemonic.Leave or Mnemonic.Enter:
                Set(state, UserRegister.Rbp, Target(8) & ~7ul);
                break;
            case Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc when instruction.Op1Kind == OpKind.Register:
                if (RegisterSlice.TryFrom(instruction.Op1Register, out RegisterSlice bit))
                {
                    state.Words[(int)bit.Word] = (ulong)random.NextInt64(-8 * 5000, 8 * 5000) & (is32Bit ? uint.MaxValue : ulong.MaxValue);
                }

                break;
            case Mnemonic.Div or Mnemonic.Idiv:
                Set(state, UserRegister.Rdx, 0);
                break;
        }
    }

    private void PlaceNamed(MachineState state, in Instruction instruction, in ConstantOffsets offsets, byte[] bytes)
    {
        if (!HasNamed(instruction))
        {
            return;
        }

        int size = instruction.MemorySize.GetSize();
        ulong target = Target(size);
        ulong segment = instruction.SegmentPrefix switch
        {
            Register.FS => state.Words[(int)UserRegister.FsBase],
            Register.GS => state.Words[(int)UserRegister.GsBase],
            _ => 0,
        };
        target -= segment;
        bool hasBase = RegisterSlice.TryFrom(instruction.MemoryBase, out RegisterSlice @base) && instruction.MemoryBase is not (Register.RIP or Register.EIP);
        bool hasIndex = RegisterSlice.TryFrom(instruction.MemoryIndex, out RegisterSlice index);
        ulong displacement = instruction.MemoryDisplacement64;
        if (instruction.IsIPRelativeMemoryOperand)
        {
            Patch(offsets, bytes, target - instruction.NextIP);
            return;
        }

        if (offsets.DisplacementSize == 4)
        {
            displacement = (ulong)random.Next(-0x4000, 0x4000);
            if (!hasBase && !hasIndex)
            {
                displacement = target;
            }

            Patch(offsets, bytes, displacement);
        }
        else if (offsets.DisplacementSize == 8)
        {
            Patch(offsets, bytes, target);
        }

        ulong rest = target - displacement;
        ulong mask = is32Bit ? uint.MaxValue : ulong.MaxValue;
        if (hasIndex && hasBase && index.Word == @base.Word)
        {
            Set(state, @base.Word, rest / (ulong)(1 + instruction.MemoryIndexScale));
        }
        else if (hasBase)
        {
            if (hasIndex && random.Next(4) != 0)
            {
                Set(state, index.Word, (ulong)random.Next(-16, 16) & mask);
            }

            PlainRegisters registers = new(state.Words, state.Area);
            ulong scaled = hasIndex ? index.Read(ref registers) * (ulong)instruction.MemoryIndexScale : 0;
            Set(state, @base.Word, (rest - scaled) & mask);
        }
        else if (hasIndex)
        {
            Set(state, index.Word, rest / (ulong)instruction.MemoryIndexScale);
        }

        if (instruction.IsVsib)
        {
            FillIndex(state, instruction);
        }
    }

    private static bool HasNamed(in Instruction instruction)
    {
        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Memory && instruction.Mnemonic != Mnemonic.Xlatb)
            {
                return true;
            }
        }

        return false;
    }

    private static void Patch(in ConstantOffsets offsets, byte[] bytes, ulong value)
    {
        Span<byte> place = bytes.AsSpan(offsets.DisplacementOffset, offsets.DisplacementSize);
        if (place.Length == sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(place, value);
        }
        else if (place.Length == sizeof(uint))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(place, (uint)value);
        }
    }

    private void FillVectors(MachineState state)
    {
        Span<byte> area = state.Area;
        random.NextBytes(area[XmmStart..LegacyEnd]);
        if (area.Length <= HeaderStart)
        {
            return;
        }

        Span<byte> vector = stackalloc byte[VectorState.Widest];
        for (int i = 0; i < (is32Bit ? 8 : 32); i++)
        {
            random.NextBytes(vector);
            _ = VectorState.TryWrite(area, Register.ZMM0 + i, vector, true);
        }

        for (int i = 0; i < 8 && VectorState.TryReadMask(area, Register.K0, out _); i++)
        {
            VectorState.WriteMask(area, Register.K0 + i, random.Next(4) == 0 ? 0 : (ulong)random.NextInt64() & (ulong)random.NextInt64());
        }

        XsaveLayout.MarkPresent(area, Haltpoint.Arch.X86.ExtendedFeatures.X87 | Haltpoint.Arch.X86.ExtendedFeatures.Sse);
    }

    // Offsets that stay near; also duplicates, so that the order of a scatter's elements shows.
    private void FillIndex(MachineState state, in Instruction instruction)
    {
        Span<byte> index = stackalloc byte[VectorState.Widest];
        if (!VectorState.TryRead(state.Area, instruction.MemoryIndex, index))
        {
            return;
        }

        int size = instruction.IsVsib64 ? sizeof(long) : sizeof(int);
        int reach = random.Next(3) switch { 0 => 8, 1 => 300, _ => 2500 };
        for (int i = 0; i < VectorState.Widest / size; i++)
        {
            long offset = random.Next(-reach, reach);
            BitConverter.TryWriteBytes(index[(i * size)..], offset);
            if (size == 4)
            {
                BitConverter.TryWriteBytes(index[(i * size)..], (int)offset);
            }
        }

        _ = VectorState.TryWrite(state.Area, instruction.MemoryIndex, index[..instruction.MemoryIndex.GetSize()], false);
    }
}
