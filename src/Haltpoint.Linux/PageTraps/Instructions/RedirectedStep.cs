using System.Runtime.CompilerServices;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>A thread that is about to execute one instruction in its slot, with some registers changed.</summary>
/// <remarks>
/// After the stop, <see cref="Finish"/> when <see cref="IsDone"/>. Else step on after SIGTRAP: a gather that is going to fault traps first with
/// the elements done that it could do. After any other signal <see cref="Cancel"/>: it came before the instruction, or the instruction faults
/// at the home for the reason it would have had without a trap. Until then the thread's registers are no concern of anybody.
/// </remarks>
internal struct RedirectedStep
{
    private const int Most = 3;

    private readonly ulong _address;
    private readonly ulong _next;
    private readonly ulong _slot;
    private readonly Repetition _repetition;
    private int _count;
    private Changes _changes;

    internal RedirectedStep(ulong address, ulong next, ulong slot, Repetition repetition)
    {
        _address = address;
        _next = next;
        _slot = slot;
        _repetition = repetition;
    }

    /// <summary>The instruction's own address.</summary>
    public readonly ulong Address => _address;

    /// <summary>Whether the instruction has executed, by the instruction pointer after the stop.</summary>
    public readonly bool IsDone(ulong instructionPointer) => instructionPointer != _slot;

    /// <summary>Makes the registers what the instruction would have left, had it executed where it is.</summary>
    /// <remarks>A repeated instruction with elements left stands on itself again.</remarks>
    public readonly void Finish<TRegisters>(ref TRegisters registers)
        where TRegisters : struct, IRegisterFile
    {
        for (int i = 0; i < _count; i++)
        {
            registers[_changes[i].Word] = _changes[i].After(registers[_changes[i].Word]);
        }

        Repetition repetition = _repetition;
        registers[UserRegister.Rip] = repetition.CountDown(ref registers) ? _address : _next;
    }

    /// <summary>Makes the registers what they were before the instruction.</summary>
    public readonly void Cancel<TRegisters>(ref TRegisters registers)
        where TRegisters : struct, IRegisterFile
    {
        for (int i = 0; i < _count; i++)
        {
            registers[_changes[i].Word] = _changes[i].Original;
        }

        registers[UserRegister.Rip] = _address;
    }

    internal readonly void Begin<TRegisters>(ref TRegisters registers)
        where TRegisters : struct, IRegisterFile
    {
        for (int i = 0; i < _count; i++)
        {
            registers[_changes[i].Word] = _changes[i].Substitute;
        }

        registers[UserRegister.Rip] = _slot;
    }

    /// <summary>Adds a register; several operands may be behind the same one if they agree about it.</summary>
    internal bool TryAdd(in ChangedRegister change)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_changes[i].Word == change.Word)
            {
                return _changes[i] == change;
            }
        }

        if (_count == Most)
        {
            return false;
        }

        _changes[_count++] = change;
        return true;
    }

    [InlineArray(Most)]
    private struct Changes
    {
        private ChangedRegister _first;
    }
}
