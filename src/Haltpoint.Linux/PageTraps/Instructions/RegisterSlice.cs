using Haltpoint.Linux.Registers;
using Iced.Intel;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>A general register as an operand names it: all of it, its low part or its second byte.</summary>
internal readonly record struct RegisterSlice(UserRegister Word, byte Shift, byte Size)
{
    /// <summary>Whether there is a register at all.</summary>
    public bool Exists => Size != 0;

    public static bool TryFrom(Register operand, out RegisterSlice slice)
    {
        bool known = TryFromFull(operand.GetFullRegister(), out UserRegister word);
        bool isSecondByte = operand is Register.AH or Register.BH or Register.CH or Register.DH;
        slice = known ? new RegisterSlice(word, (byte)(isSecondByte ? 8 : 0), (byte)operand.GetSize()) : default;
        return known;
    }

    public ulong Read<TRegisters>(ref TRegisters registers)
        where TRegisters : struct, IRegisterFile
        => (registers[Word] >> Shift) & Mask(Size);

    /// <summary>Writes it as the processor does: four bytes clear the upper half, fewer leave the rest (SDM vol. 1, 3.4.1.1).</summary>
    public void Write<TRegisters>(ref TRegisters registers, ulong value)
        where TRegisters : struct, IRegisterFile
    {
        ulong mask = Mask(Size);
        registers[Word] = Size >= 4 ? value & mask : (registers[Word] & ~(mask << Shift)) | ((value & mask) << Shift);
    }

    /// <summary>All bits of a value of so many bytes.</summary>
    public static ulong Mask(int size) => size >= 8 ? ulong.MaxValue : (1ul << (8 * size)) - 1;

    private static bool TryFromFull(Register full, out UserRegister word)
    {
        UserRegister? found = full switch
        {
            Register.RAX => UserRegister.Rax,
            Register.RCX => UserRegister.Rcx,
            Register.RDX => UserRegister.Rdx,
            Register.RBX => UserRegister.Rbx,
            Register.RSP => UserRegister.Rsp,
            Register.RBP => UserRegister.Rbp,
            Register.RSI => UserRegister.Rsi,
            Register.RDI => UserRegister.Rdi,
            Register.R8 => UserRegister.R8,
            Register.R9 => UserRegister.R9,
            Register.R10 => UserRegister.R10,
            Register.R11 => UserRegister.R11,
            Register.R12 => UserRegister.R12,
            Register.R13 => UserRegister.R13,
            Register.R14 => UserRegister.R14,
            Register.R15 => UserRegister.R15,
            _ => null,
        };
        word = found ?? default;
        return found is not null;
    }
}
