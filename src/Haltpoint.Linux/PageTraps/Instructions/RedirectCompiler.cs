using System;
using System.Collections.Generic;
using Haltpoint.Linux.Registers;
using Iced.Intel;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>Encodes an instruction anew, so that registers alone decide where its memory operands are.</summary>
/// <remarks>
/// An operand with an addressing form becomes one with a spare register in place of all that the address was made of; operands behind
/// fixed registers stay, without segment. One caller at a time; done once for an instruction.
/// </remarks>
internal sealed class RedirectCompiler
{
    // The first ones need no REX prefix, which would turn ah, bh, ch and dh into other registers; rsp cannot be spared at all.
    private static readonly Register[] s_spares =
    [
        Register.RSI, Register.RDI, Register.RBX, Register.RCX, Register.RDX, Register.RAX, Register.RBP,
        Register.R8, Register.R9, Register.R10, Register.R11, Register.R14, Register.R15,
    ];

    private readonly InstructionInfoFactory _factory = new();

    /// <summary>Makes the plan.</summary>
    /// <returns>Null for an instruction that only executes right where it is.</returns>
    public RedirectPlan? Compile(in Instruction original, bool is32Bit, ReadOnlySpan<MemoryOperand> operands, in ElementRule rule)
    {
        if (operands.IsEmpty || !CanMove(original, is32Bit, operands, rule))
        {
            return null;
        }

        Instruction moved = original;
        moved.SegmentPrefix = Register.None;
        moved.HasRepPrefix = moved.HasRepPrefix && !original.IsStringInstruction;
        moved.HasRepnePrefix = moved.HasRepnePrefix && !original.IsStringInstruction;
        UserRegister? spare = null;
        foreach (MemoryOperand operand in operands)
        {
            if (operand.Role == OperandRole.Explicit)
            {
                if (!TrySpare(original, is32Bit, out Register register, out UserRegister word))
                {
                    return null;
                }

                spare = word;
                Rename(ref moved, is32Bit ? Register.EAX + (register - Register.RAX) : register);
            }
            else if (operand.Role == OperandRole.Fixed && !is32Bit)
            {
                Widen(ref moved);
            }
        }

        return TryEncode(moved, is32Bit, out byte[] code) ? new RedirectPlan(code, spare) : null;
    }

    private bool CanMove(in Instruction original, bool is32Bit, ReadOnlySpan<MemoryOperand> operands, in ElementRule rule)
    {
        // After a load of ss, or what the kernel does in the processor's place (UMIP), one more instruction executes before the trap;
        // a branch would go on from the slot.
        if (original.FlowControl != FlowControl.Next || Writes(original, Register.SS)
            || original.Mnemonic is Mnemonic.Sgdt or Mnemonic.Sidt or Mnemonic.Sldt or Mnemonic.Smsw or Mnemonic.Str)
        {
            return false;
        }

        foreach (MemoryOperand operand in operands)
        {
            switch (operand.Role)
            {
                case OperandRole.Other:
                case OperandRole.Stack when NamesStackPointer(original):
                case OperandRole.Fixed when operand.Address.AddressSize == sizeof(ushort):
                case OperandRole.Explicit when rule.Index != Register.None && operand.Address.AddressSize != (is32Bit ? 4 : 8):
                    return false;
            }
        }

        return true;
    }

    // What these store or leave in the stack pointer is its value, which is another one during the step.
    private static bool NamesStackPointer(in Instruction original)
    {
        if (original.Mnemonic is Mnemonic.Pusha or Mnemonic.Pushad or Mnemonic.Pushf or Mnemonic.Pushfd or Mnemonic.Pushfq or Mnemonic.Enter)
        {
            // The flags are in here because those of a stepped thread have the trap flag.
            return true;
        }

        for (int i = 0; i < original.OpCount; i++)
        {
            if (original.GetOpKind(i) == OpKind.Register && original.GetOpRegister(i).GetFullRegister() == Register.RSP)
            {
                return true;
            }
        }

        return false;
    }

    private bool Writes(in Instruction original, Register register)
    {
        foreach (UsedRegister used in _factory.GetInfo(original).GetUsedRegisters())
        {
            if (used.Register == register && used.Access is not (OpAccess.Read or OpAccess.CondRead))
            {
                return true;
            }
        }

        return false;
    }

    private bool TrySpare(in Instruction original, bool is32Bit, out Register spare, out UserRegister word)
    {
        Instruction bare = original;
        bare.MemoryBase = Register.None;
        bare.MemoryIndex = original.MemoryIndex.IsVectorRegister() ? original.MemoryIndex : Register.None;
        HashSet<Register> used = [];
        foreach (UsedRegister register in _factory.GetInfo(bare).GetUsedRegisters())
        {
            used.Add(register.Register.GetFullRegister());
        }

        foreach (Register candidate in s_spares)
        {
            if (!used.Contains(candidate) && !(is32Bit && candidate >= Register.R8) && RegisterSlice.TryFrom(candidate, out RegisterSlice slice))
            {
                (spare, word) = (candidate, slice.Word);
                return true;
            }
        }

        (spare, word) = (Register.None, default);
        return false;
    }

    private static void Rename(ref Instruction moved, Register spare)
    {
        moved.Code = WithAddressingForm(moved.Code);
        moved.MemoryBase = spare;
        if (!moved.MemoryIndex.IsVectorRegister())
        {
            moved.MemoryIndex = Register.None;
            moved.MemoryIndexScale = 1;
        }

        moved.MemoryDisplacement64 = 0;
        moved.MemoryDisplSize = 0;
    }

    // mov between the accumulator and an address in the instruction itself has no room for a register.
    private static Code WithAddressingForm(Code code) => code switch
    {
        Code.Mov_AL_moffs8 => Code.Mov_r8_rm8,
        Code.Mov_AX_moffs16 => Code.Mov_r16_rm16,
        Code.Mov_EAX_moffs32 => Code.Mov_r32_rm32,
        Code.Mov_RAX_moffs64 => Code.Mov_r64_rm64,
        Code.Mov_moffs8_AL => Code.Mov_rm8_r8,
        Code.Mov_moffs16_AX => Code.Mov_rm16_r16,
        Code.Mov_moffs32_EAX => Code.Mov_rm32_r32,
        Code.Mov_moffs64_RAX => Code.Mov_rm64_r64,
        _ => code,
    };

    // 64-bit addresses, whatever size the instruction had: the substitute is a whole linear address.
    private static void Widen(ref Instruction moved)
    {
        moved.Code = moved.Code == Code.Clzerod ? Code.Clzeroq : moved.Code;
        if (moved.Mnemonic == Mnemonic.Xlatb)
        {
            moved.MemoryBase = Register.RBX;
        }

        for (int i = 0; i < moved.OpCount; i++)
        {
            OpKind? wide = moved.GetOpKind(i) switch
            {
                OpKind.MemorySegESI => OpKind.MemorySegRSI,
                OpKind.MemorySegEDI => OpKind.MemorySegRDI,
                OpKind.MemoryESEDI => OpKind.MemoryESRDI,
                _ => null,
            };
            if (wide is { } kind)
            {
                moved.SetOpKind(i, kind);
            }
        }
    }

    private static bool TryEncode(in Instruction moved, bool is32Bit, out byte[] code)
    {
        ByteCollector collector = new();
        Encoder encoder = Encoder.Create(is32Bit ? 32 : 64, collector);
        bool encoded = encoder.TryEncode(moved, 0, out _, out _);
        code = encoded ? [.. collector.Bytes] : [];
        return encoded;
    }

    private sealed class ByteCollector : CodeWriter
    {
        public List<byte> Bytes { get; } = [];

        public override void WriteByte(byte value) => Bytes.Add(value);
    }
}
