using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>One element of movs, stos and lods.</summary>
internal static class StringEmulator
{
    private const ulong DirectionFlag = 1 << 10;

    public static bool TryExecute<TRegisters, TMemory>(
        in EmulatedInstruction emulated, KnownInstruction instruction, ref TRegisters registers, ref TMemory memory)
        where TRegisters : struct, IRegisterFile
        where TMemory : struct, IProgramMemory
    {
        if (instruction.Repetition.IsOver(ref registers))
        {
            registers[UserRegister.Rip] = instruction.NextAddress;
            return true;
        }

        MemoryOperand first = instruction.Operands[0];
        MemoryOperand last = instruction.Operands[^1];
        if (!first.Address.TryLinear(ref registers, 0, out ulong from) || !last.Address.TryLinear(ref registers, 0, out ulong to))
        {
            return false;
        }

        ulong value = emulated.Operation == EmulatedOperation.StoreString ? emulated.Register.Read(ref registers) : 0;
        if (emulated.Operation != EmulatedOperation.StoreString && !MemoryValue.TryRead(ref memory, from, first.Size, out value))
        {
            return false;
        }

        if (emulated.Operation == EmulatedOperation.LoadString)
        {
            emulated.Register.Write(ref registers, value);
        }
        else if (!MemoryValue.TryWrite(ref memory, to, last.Size, value))
        {
            return false;
        }

        foreach (MemoryOperand operand in instruction.Operands)
        {
            RegisterSlice pointer = new(operand.Register, 0, (byte)operand.Address.AddressSize);
            bool isDown = (registers[UserRegister.Eflags] & DirectionFlag) != 0;
            ulong size = (ulong)operand.Size;
            pointer.Write(ref registers, pointer.Read(ref registers) + (isDown ? 0 - size : size));
        }

        registers[UserRegister.Rip] = instruction.Repetition.CountDown(ref registers) ? instruction.Address : instruction.NextAddress;
        return true;
    }
}
