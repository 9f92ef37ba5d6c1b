using System.Collections.Generic;
using Haltpoint.Linux.Registers;
using Iced.Intel;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>Lists the memory operands of an instruction, those it names and those it implies.</summary>
/// <remarks>One caller at a time; done once for an instruction.</remarks>
internal sealed class OperandCompiler
{
    private const int CacheLine = 64;
    private readonly InstructionInfoFactory _factory = new();
    private readonly List<MemoryOperand> _operands = [];

    /// <summary>Works them out, reads before writes.</summary>
    /// <returns>False when what the instruction accesses cannot be told from registers.</returns>
    public bool TryCompile(in Instruction instruction, bool is32Bit, out MemoryOperand[] operands, out ElementRule rule)
    {
        _operands.Clear();
        operands = [];
        rule = default;
        if (instruction.Code == Code.Movsxd_r16_rm16)
        {
            // Two bytes from one maker's processors, four from the other's.
            return false;
        }

        if (instruction.Mnemonic == Mnemonic.Clzero)
        {
            CodeSize size = instruction.Code switch
            {
                Code.Clzerow => CodeSize.Code16,
                Code.Clzerod => CodeSize.Code32,
                _ => CodeSize.Code64,
            };
            Register line = size switch { CodeSize.Code16 => Register.AX, CodeSize.Code32 => Register.EAX, _ => Register.RAX };
            UsedMemory memory = new(Register.DS, line, Register.None, 1, 0, MemorySize.UInt512, OpAccess.Write, size, 0);
            rule = ElementRule.Of(instruction, memory);
            return TryAdd(instruction, memory, OperandRole.Fixed, is32Bit, out operands);
        }

        InstructionInfo info = _factory.GetInfo(instruction);
        bool explicitIsNext = NamesMemory(instruction, info);
        foreach (UsedMemory memory in info.GetUsedMemory())
        {
            if (explicitIsNext || instruction.Mnemonic is Mnemonic.Maskmovq or Mnemonic.Maskmovdqu or Mnemonic.Vmaskmovdqu)
            {
                rule = ElementRule.Of(instruction, memory);
            }

            if (!TryAdd(instruction, memory, RoleOf(instruction, memory, explicitIsNext), is32Bit, out operands))
            {
                return false;
            }

            explicitIsNext = false;
        }

        foreach (MemoryOperand operand in _operands)
        {
            if (operand.Size == 0 && rule.Selection == ElementSelection.Whole)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAdd(in Instruction instruction, in UsedMemory memory, OperandRole role, bool is32Bit, out MemoryOperand[] operands)
    {
        operands = [];
        if (!AddressForm.TryFrom(memory, is32Bit, out AddressForm form))
        {
            return false;
        }

        // The decoder gives repeated operands no size, since it does not know the count.
        int size = memory.MemorySize.GetSize();
        size = size == 0 && instruction.IsStringInstruction ? instruction.MemorySize.GetSize() : size;
        size = instruction.Mnemonic == Mnemonic.Clzero ? CacheLine : size;
        AccessDirection direction = DirectionOf(instruction, memory.Access);
        MemoryOperand operand = new(form, size, direction, role, FixedRegister(memory));
        int place = direction == AccessDirection.Read ? _operands.FindLastIndex(o => o.Direction == AccessDirection.Read) + 1 : _operands.Count;
        _operands.Insert(place, operand);
        operands = [.. _operands];
        return true;
    }

    private static bool NamesMemory(in Instruction instruction, in InstructionInfo info)
    {
        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Memory)
            {
                return info.GetOpAccess(i) is not (OpAccess.None or OpAccess.NoMemAccess);
            }
        }

        return false;
    }

    private static OperandRole RoleOf(in Instruction instruction, in UsedMemory memory, bool isExplicit)
    {
        if (instruction.IsStringInstruction
            || instruction.Mnemonic is Mnemonic.Xlatb or Mnemonic.Maskmovq or Mnemonic.Maskmovdqu or Mnemonic.Vmaskmovdqu)
        {
            return OperandRole.Fixed;
        }

        if (isExplicit)
        {
            return OperandRole.Explicit;
        }

        return memory.Base is Register.RSP or Register.ESP ? OperandRole.Stack : OperandRole.Other;
    }

    private static UserRegister FixedRegister(in UsedMemory memory) =>
        RegisterSlice.TryFrom(memory.Base, out RegisterSlice slice) ? slice.Word : UserRegister.Rip;

    private static AccessDirection DirectionOf(in Instruction instruction, OpAccess access)
    {
        if (instruction.Mnemonic is Mnemonic.Clflush or Mnemonic.Clflushopt or Mnemonic.Clwb)
        {
            return AccessDirection.None;
        }

        return access switch
        {
            OpAccess.Read or OpAccess.CondRead => AccessDirection.Read,
            OpAccess.Write or OpAccess.CondWrite => AccessDirection.Write,
            _ => AccessDirection.ReadWrite,
        };
    }
}
