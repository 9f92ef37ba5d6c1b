using System;
using Haltpoint.Linux.Registers;
using Iced.Intel;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>What it takes to execute an instruction without the processor; worked out once.</summary>
internal readonly struct EmulatedInstruction
{
    public EmulatedOperation Operation { get; private init; }

    /// <summary>The register that is loaded, stored or jumped to; none where <see cref="Constant"/> stands for it.</summary>
    public RegisterSlice Register { get; private init; }

    public ulong Constant { get; private init; }

    /// <summary>Whether a load fills up with the sign.</summary>
    public bool IsSigned { get; private init; }

    /// <summary>The vector that is loaded or stored.</summary>
    public Register Vector { get; private init; }

    /// <summary>Bytes of it that a load gives a value; the rest of them is zero.</summary>
    public int VectorSize { get; private init; }

    /// <summary>Whether a load clears everything above them.</summary>
    public bool ClearsRest { get; private init; }

    public static EmulatedInstruction From(in Instruction decoded, bool is32Bit, ReadOnlySpan<MemoryOperand> operands, in ElementRule rule)
    {
        if (operands.IsEmpty)
        {
            return default;
        }

        if (rule.Index != Iced.Intel.Register.None)
        {
            bool isScatter = decoded.Op0Kind == OpKind.Memory;
            return new EmulatedInstruction
            {
                Operation = isScatter ? EmulatedOperation.Scatter : EmulatedOperation.Gather,
                Vector = isScatter ? decoded.Op1Register : decoded.Op0Register,
            };
        }

        if (rule.Selection != ElementSelection.Whole)
        {
            return default;
        }

        if (decoded.IsStringInstruction)
        {
            return FromString(decoded, operands);
        }

        EmulatedInstruction move = decoded.Mnemonic switch
        {
            Mnemonic.Mov or Mnemonic.Movnti => FromMove(decoded, false),
            Mnemonic.Movzx => FromMove(decoded, false),
            Mnemonic.Movsx or Mnemonic.Movsxd => FromMove(decoded, true),
            Mnemonic.Push => FromPush(decoded),
            Mnemonic.Pop => FromPop(decoded),
            _ => default,
        };
        if (move.Operation != EmulatedOperation.None)
        {
            return move;
        }

        EmulatedInstruction branch = FromBranch(decoded, is32Bit, operands);
        return branch.Operation == EmulatedOperation.None ? FromVectorMove(decoded) : branch;
    }

    /// <summary>Executes it.</summary>
    /// <returns>False when it is none of these, or memory refused.</returns>
    public bool TryExecute<TRegisters, TMemory>(KnownInstruction instruction, ref TRegisters registers, ref TMemory memory)
        where TRegisters : struct, IRegisterFile
        where TMemory : struct, IProgramMemory
    {
        bool isDone = Operation switch
        {
            EmulatedOperation.None => false,
            EmulatedOperation.Load or EmulatedOperation.Store => MoveEmulator.TryExecute(this, instruction, ref registers, ref memory),
            EmulatedOperation.MoveString or EmulatedOperation.StoreString or EmulatedOperation.LoadString =>
                StringEmulator.TryExecute(this, instruction, ref registers, ref memory),
            EmulatedOperation.LoadVector or EmulatedOperation.StoreVector => VectorEmulator.TryExecute(this, instruction, ref registers, ref memory),
            EmulatedOperation.Gather => GatherEmulator.TryGather(this, instruction, ref registers, ref memory),
            EmulatedOperation.Scatter => GatherEmulator.TryScatter(this, instruction, ref registers, ref memory),
            _ => StackEmulator.TryExecute(this, instruction, ref registers, ref memory),
        };
        return isDone;
    }

    private static EmulatedInstruction FromMove(in Instruction decoded, bool isSigned)
    {
        if (decoded.Op0Kind == OpKind.Memory)
        {
            return decoded.Op1Kind == OpKind.Register
                ? OfRegister(EmulatedOperation.Store, decoded.Op1Register)
                : new EmulatedInstruction { Operation = EmulatedOperation.Store, Constant = decoded.GetImmediate(1) };
        }

        return OfRegister(EmulatedOperation.Load, decoded.Op0Register) with { IsSigned = isSigned };
    }

    private static EmulatedInstruction FromPush(in Instruction decoded) => decoded.Op0Kind switch
    {
        OpKind.Register => OfRegister(EmulatedOperation.Push, decoded.Op0Register),
        OpKind.Memory => new EmulatedInstruction { Operation = EmulatedOperation.PushMemory },
        _ => new EmulatedInstruction { Operation = EmulatedOperation.Push, Constant = decoded.GetImmediate(0) },
    };

    private static EmulatedInstruction FromPop(in Instruction decoded) => decoded.Op0Kind == OpKind.Memory
        ? new EmulatedInstruction { Operation = EmulatedOperation.PopMemory }
        : OfRegister(EmulatedOperation.Pop, decoded.Op0Register);

    private static EmulatedInstruction FromBranch(in Instruction decoded, bool is32Bit, ReadOnlySpan<MemoryOperand> operands)
    {
        if (operands[^1].Size != (is32Bit ? 4 : 8))
        {
            return decoded.Mnemonic == Mnemonic.Pushf ? new EmulatedInstruction { Operation = EmulatedOperation.PushFlags } : default;
        }

        switch (decoded.Mnemonic)
        {
            case Mnemonic.Pushfd or Mnemonic.Pushfq:
                return new EmulatedInstruction { Operation = EmulatedOperation.PushFlags };
            case Mnemonic.Leave:
                return new EmulatedInstruction { Operation = EmulatedOperation.Leave };
            case Mnemonic.Enter when operands.Length == 1:
                return new EmulatedInstruction { Operation = EmulatedOperation.Enter, Constant = decoded.Immediate16 };
            case Mnemonic.Ret:
                return new EmulatedInstruction { Operation = EmulatedOperation.Return, Constant = decoded.OpCount == 0 ? 0ul : decoded.Immediate16 };
            case Mnemonic.Jmp when decoded.IsJmpNearIndirect:
                return new EmulatedInstruction { Operation = EmulatedOperation.JumpMemory };
            case Mnemonic.Call when decoded.IsCallNear:
                return new EmulatedInstruction { Operation = EmulatedOperation.Call, Constant = decoded.NearBranchTarget };
            case Mnemonic.Call when decoded.IsCallNearIndirect && decoded.Op0Kind == OpKind.Memory:
                return new EmulatedInstruction { Operation = EmulatedOperation.CallMemory };
            case Mnemonic.Call when decoded.IsCallNearIndirect:
                return OfRegister(EmulatedOperation.Call, decoded.Op0Register);
            default:
                return default;
        }
    }

    private static EmulatedInstruction FromString(in Instruction decoded, ReadOnlySpan<MemoryOperand> operands)
    {
        foreach (MemoryOperand operand in operands)
        {
            if (operand.Address.AddressSize == sizeof(ushort))
            {
                return default;
            }
        }

        return decoded.Mnemonic switch
        {
            Mnemonic.Movsb or Mnemonic.Movsw or Mnemonic.Movsd or Mnemonic.Movsq => new EmulatedInstruction { Operation = EmulatedOperation.MoveString },
            Mnemonic.Stosb or Mnemonic.Stosw or Mnemonic.Stosd or Mnemonic.Stosq => OfRegister(EmulatedOperation.StoreString, decoded.Op1Register),
            Mnemonic.Lodsb or Mnemonic.Lodsw or Mnemonic.Lodsd or Mnemonic.Lodsq => OfRegister(EmulatedOperation.LoadString, decoded.Op0Register),
            _ => default,
        };
    }

    private static EmulatedInstruction FromVectorMove(in Instruction decoded)
    {
        const int legacySize = 16;
        bool isLegacy = decoded.Encoding == EncodingKind.Legacy;
        if (decoded.OpCount != 2 || decoded.IsBroadcast || !IsPlainVectorMove(decoded.Mnemonic))
        {
            return default;
        }

        if (decoded.Op0Kind == OpKind.Memory)
        {
            return decoded.Op1Register.IsVectorRegister()
                ? new EmulatedInstruction { Operation = EmulatedOperation.StoreVector, Vector = decoded.Op1Register }
                : default;
        }

        return decoded.Op0Register.IsVectorRegister()
            ? new EmulatedInstruction
            {
                Operation = EmulatedOperation.LoadVector,
                Vector = decoded.Op0Register,
                VectorSize = isLegacy ? legacySize : decoded.Op0Register.GetSize(),
                ClearsRest = !isLegacy,
            }
            : default;
    }

    // Those that copy the low bytes of a vector, and on a load clear the rest of it.
    private static bool IsPlainVectorMove(Mnemonic mnemonic) => mnemonic is
        Mnemonic.Movups or Mnemonic.Movupd or Mnemonic.Movaps or Mnemonic.Movapd or Mnemonic.Movdqu or Mnemonic.Movdqa or Mnemonic.Lddqu
        or Mnemonic.Movntps or Mnemonic.Movntpd or Mnemonic.Movntdq or Mnemonic.Movntdqa
        or Mnemonic.Movd or Mnemonic.Movq or Mnemonic.Movss or Mnemonic.Movsd
        or Mnemonic.Vmovups or Mnemonic.Vmovupd or Mnemonic.Vmovaps or Mnemonic.Vmovapd or Mnemonic.Vmovdqu or Mnemonic.Vmovdqa or Mnemonic.Vlddqu
        or Mnemonic.Vmovdqu8 or Mnemonic.Vmovdqu16 or Mnemonic.Vmovdqu32 or Mnemonic.Vmovdqu64 or Mnemonic.Vmovdqa32 or Mnemonic.Vmovdqa64
        or Mnemonic.Vmovntps or Mnemonic.Vmovntpd or Mnemonic.Vmovntdq or Mnemonic.Vmovntdqa
        or Mnemonic.Vmovd or Mnemonic.Vmovq or Mnemonic.Vmovss or Mnemonic.Vmovsd;

    private static EmulatedInstruction OfRegister(EmulatedOperation operation, Register register) => RegisterSlice.TryFrom(register, out RegisterSlice slice)
        ? new EmulatedInstruction { Operation = operation, Register = slice }
        : default;
}
