using System;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>An instruction encoded anew, and the registers that its step needs.</summary>
/// <param name="code">For the slot.</param>
/// <param name="spare">The register that now is its addressing form, if it has one.</param>
internal sealed class RedirectPlan(byte[] code, UserRegister? spare)
{
    public ReadOnlySpan<byte> Code => code;

    /// <summary>Sets the registers, after all has been found possible.</summary>
    public bool TryPrepare<TRegisters, THomes>(
        KnownInstruction instruction, ref TRegisters registers, ref THomes homes, ulong slot, out RedirectedStep step)
        where TRegisters : struct, IRegisterFile
        where THomes : struct, IHomes
    {
        step = default;
        if (instruction.Repetition.IsOver(ref registers))
        {
            return false;
        }

        step = new RedirectedStep(instruction.Address, instruction.NextAddress, slot, instruction.Repetition);
        bool isMoved = false;
        Span<MemoryAccess> accesses = stackalloc MemoryAccess[MemoryAccess.Most];
        ReadOnlySpan<MemoryOperand> operands = instruction.Operands;
        for (int i = 0; i < operands.Length; i++)
        {
            int count = instruction.FindTouched(i, ref registers, accesses);
            if (count < 0
                || !TryDistance(accesses[..count], ref homes, instruction.Is32Bit, out ulong distance)
                || !operands[i].Address.TryLinear(ref registers, 0, out ulong address)
                || !TryAdd(operands[i], instruction, ref registers, address, distance, ref step))
            {
                return false;
            }

            isMoved |= distance != 0;
        }

        if (isMoved)
        {
            step.Begin(ref registers);
        }

        return isMoved;
    }

    // All elements of an operand move together or not at all.
    private static bool TryDistance<THomes>(ReadOnlySpan<MemoryAccess> accesses, ref THomes homes, bool is32Bit, out ulong distance)
        where THomes : struct, IHomes
    {
        distance = 0;
        for (int i = 0; i < accesses.Length; i++)
        {
            if (!homes.TryTranslate(accesses[i].Address, (ulong)int.Max(accesses[i].Size, 1), out ulong home)
                || (is32Bit && home > uint.MaxValue)
                || (i > 0 && home - accesses[i].Address != distance))
            {
                return false;
            }

            distance = home - accesses[i].Address;
        }

        return true;
    }

    private bool TryAdd<TRegisters>(
        in MemoryOperand operand, KnownInstruction instruction, ref TRegisters registers, ulong address, ulong distance, ref RedirectedStep step)
        where TRegisters : struct, IRegisterFile
    {
        ulong mask = RegisterSlice.Mask(instruction.Is32Bit ? sizeof(uint) : sizeof(ulong));
        switch (operand.Role)
        {
            case OperandRole.Explicit when spare is { } register:
                return step.TryAdd(new ChangedRegister(register, registers[register], (address + distance) & mask, RegisterEffect.Restore, 0));
            case OperandRole.Stack:
                ulong top = registers[UserRegister.Rsp];
                return step.TryAdd(new ChangedRegister(
                    UserRegister.Rsp, top, (top + distance) & mask, RegisterEffect.KeepAdvance, (byte)(instruction.Is32Bit ? 4 : 8)));
            case OperandRole.Fixed:
                ulong original = registers[operand.Register];
                ulong index = operand.Address.ReadIndex(ref registers);
                return step.TryAdd(new ChangedRegister(
                    operand.Register,
                    original,
                    (address + distance - index) & mask,
                    instruction.IsString ? RegisterEffect.KeepAdvance : RegisterEffect.Restore,
                    (byte)operand.Address.AddressSize));
            default:
                return false;
        }
    }
}
