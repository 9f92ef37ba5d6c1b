using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>How often a string instruction is repeated.</summary>
/// <param name="Rule">When it goes on.</param>
/// <param name="CountSize">Bytes of the count register, which are those of an address.</param>
internal readonly record struct Repetition(RepeatRule Rule, byte CountSize)
{
    private const ulong ZeroFlag = 1 << 6;

    /// <summary>Whether it is repeated and no element is left.</summary>
    public bool IsOver<TRegisters>(ref TRegisters registers)
        where TRegisters : struct, IRegisterFile
        => Rule != RepeatRule.None && Counter.Read(ref registers) == 0;

    /// <summary>Counts an element that is done.</summary>
    /// <returns>Whether the instruction is to be executed once more.</returns>
    public bool CountDown<TRegisters>(ref TRegisters registers)
        where TRegisters : struct, IRegisterFile
    {
        if (Rule == RepeatRule.None)
        {
            return false;
        }

        ulong left = Counter.Read(ref registers) - 1;
        Counter.Write(ref registers, left);
        bool isEqual = (registers[UserRegister.Eflags] & ZeroFlag) != 0;
        return left != 0 && Rule switch
        {
            RepeatRule.CountWhileEqual => isEqual,
            RepeatRule.CountWhileNotEqual => !isEqual,
            _ => true,
        };
    }

    private RegisterSlice Counter => new(UserRegister.Rcx, 0, CountSize);
}
