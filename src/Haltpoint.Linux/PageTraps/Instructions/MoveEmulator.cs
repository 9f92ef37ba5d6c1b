using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>mov, movzx, movsx, movsxd and movnti.</summary>
internal static class MoveEmulator
{
    public static bool TryExecute<TRegisters, TMemory>(
        in EmulatedInstruction emulated, KnownInstruction instruction, ref TRegisters registers, ref TMemory memory)
        where TRegisters : struct, IRegisterFile
        where TMemory : struct, IProgramMemory
    {
        MemoryOperand operand = instruction.Operands[0];
        if (!operand.Address.TryLinear(ref registers, 0, out ulong address))
        {
            return false;
        }

        if (emulated.Operation == EmulatedOperation.Store)
        {
            ulong stored = emulated.Register.Exists ? emulated.Register.Read(ref registers) : emulated.Constant;
            if (!MemoryValue.TryWrite(ref memory, address, operand.Size, stored))
            {
                return false;
            }
        }
        else
        {
            if (!MemoryValue.TryRead(ref memory, address, operand.Size, out ulong value))
            {
                return false;
            }

            int unused = 64 - (8 * operand.Size);
            emulated.Register.Write(ref registers, emulated.IsSigned ? (ulong)((long)(value << unused) >> unused) : value);
        }

        registers[UserRegister.Rip] = instruction.NextAddress;
        return true;
    }
}
