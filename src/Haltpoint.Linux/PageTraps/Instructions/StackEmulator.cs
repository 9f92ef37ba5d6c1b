using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>push, pop, call, ret, leave, enter and jumps through memory.</summary>
internal static class StackEmulator
{
    // pushf leaves these out (SDM vol. 2, PUSHF): the resume flag and the virtual-8086 flag.
    private const ulong NeverPushedFlags = 0x30000;

    public static bool TryExecute<TRegisters, TMemory>(
        in EmulatedInstruction emulated, KnownInstruction instruction, ref TRegisters registers, ref TMemory memory)
        where TRegisters : struct, IRegisterFile
        where TMemory : struct, IProgramMemory
    {
        MemoryOperand first = instruction.Operands[0];
        MemoryOperand last = instruction.Operands[^1];
        if (!first.Address.TryLinear(ref registers, 0, out ulong from) || !last.Address.TryLinear(ref registers, 0, out ulong to))
        {
            return false;
        }

        RegisterSlice top = new(UserRegister.Rsp, 0, (byte)(instruction.Is32Bit ? 4 : 8));
        RegisterSlice frame = top with { Word = UserRegister.Rbp };
        ulong stack = top.Read(ref registers);
        ulong size = (ulong)last.Size;
        ulong next = instruction.NextAddress;
        ulong value = emulated.Register.Exists ? emulated.Register.Read(ref registers) : emulated.Constant;
        bool reads = emulated.Operation is EmulatedOperation.PushMemory or EmulatedOperation.Pop or EmulatedOperation.PopMemory
            or EmulatedOperation.CallMemory or EmulatedOperation.Return or EmulatedOperation.JumpMemory or EmulatedOperation.Leave;
        if (reads && !MemoryValue.TryRead(ref memory, from, first.Size, out value))
        {
            return false;
        }

        (bool writes, ulong written) = emulated.Operation switch
        {
            EmulatedOperation.Push or EmulatedOperation.PushMemory or EmulatedOperation.PopMemory => (true, value),
            EmulatedOperation.PushFlags => (true, registers[UserRegister.Eflags] & ~NeverPushedFlags),
            EmulatedOperation.Call or EmulatedOperation.CallMemory => (true, next),
            EmulatedOperation.Enter => (true, frame.Read(ref registers)),
            _ => (false, 0ul),
        };
        if (writes && !MemoryValue.TryWrite(ref memory, to, last.Size, written))
        {
            return false;
        }

        switch (emulated.Operation)
        {
            case EmulatedOperation.Push or EmulatedOperation.PushMemory or EmulatedOperation.PushFlags:
                top.Write(ref registers, stack - size);
                break;
            case EmulatedOperation.Pop:
                // Before the register: it may be the stack pointer.
                top.Write(ref registers, stack + size);
                emulated.Register.Write(ref registers, value);
                break;
            case EmulatedOperation.PopMemory:
                top.Write(ref registers, stack + (ulong)first.Size);
                break;
            case EmulatedOperation.Call or EmulatedOperation.CallMemory:
                top.Write(ref registers, stack - size);
                next = value;
                break;
            case EmulatedOperation.Return:
                top.Write(ref registers, stack + size + emulated.Constant);
                next = value;
                break;
            case EmulatedOperation.JumpMemory:
                next = value;
                break;
            case EmulatedOperation.Leave:
                top.Write(ref registers, frame.Read(ref registers) + size);
                frame.Write(ref registers, value);
                break;
            case EmulatedOperation.Enter:
                frame.Write(ref registers, stack - size);
                top.Write(ref registers, stack - size - emulated.Constant);
                break;
        }

        registers[UserRegister.Rip] = next;
        return true;
    }
}
