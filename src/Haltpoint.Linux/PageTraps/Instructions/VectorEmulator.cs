using System;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>Plain moves between vector registers and memory.</summary>
internal static class VectorEmulator
{
    public static bool TryExecute<TRegisters, TMemory>(
        in EmulatedInstruction emulated, KnownInstruction instruction, ref TRegisters registers, ref TMemory memory)
        where TRegisters : struct, IRegisterFile
        where TMemory : struct, IProgramMemory
    {
        MemoryOperand operand = instruction.Operands[0];
        if (operand.Size > VectorState.Widest || !operand.Address.TryLinear(ref registers, 0, out ulong address))
        {
            return false;
        }

        Span<byte> value = stackalloc byte[VectorState.Widest];
        value.Clear();
        if (emulated.Operation == EmulatedOperation.StoreVector)
        {
            if (!registers.TryReadExtended(out ReadOnlySpan<byte> area)
                || !VectorState.TryRead(area, emulated.Vector, value)
                || !memory.TryWrite(address, value[..operand.Size]))
            {
                return false;
            }
        }
        else if (!memory.TryRead(address, value[..operand.Size])
            || !registers.TryChangeExtended(out Span<byte> area)
            || !VectorState.TryWrite(area, emulated.Vector, value[..emulated.VectorSize], emulated.ClearsRest))
        {
            return false;
        }

        registers[UserRegister.Rip] = instruction.NextAddress;
        return true;
    }
}
