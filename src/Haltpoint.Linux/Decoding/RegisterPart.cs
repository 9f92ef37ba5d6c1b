using Haltpoint.Linux.Perf;
using Iced.Intel;
using Operand = Iced.Intel.Register;

namespace Haltpoint.Linux.Decoding;

/// <summary>A general register, or the low part or second byte of one, as an operand names it.</summary>
internal readonly record struct RegisterPart(PerfRegister Register, int Shift, int Size)
{
    /// <summary>False for a register that samples do not carry.</summary>
    public static bool TryFrom(Operand operand, out RegisterPart part)
    {
        part = default;
        if (!TryFromFull(operand.GetFullRegister(), out PerfRegister register))
        {
            return false;
        }

        bool isSecondByte = operand is Operand.AH or Operand.BH or Operand.CH or Operand.DH;
        part = new RegisterPart(register, isSecondByte ? 8 : 0, operand.GetSize());
        return true;
    }

    public ulong Read(in PerfRegisters registers) => (registers[Register] >> Shift) & AccessRecipe.Mask(Size);

    private static bool TryFromFull(Operand full, out PerfRegister register)
    {
        register = full switch
        {
            Operand.RAX => PerfRegister.Ax,
            Operand.RBX => PerfRegister.Bx,
            Operand.RCX => PerfRegister.Cx,
            Operand.RDX => PerfRegister.Dx,
            Operand.RSI => PerfRegister.Si,
            Operand.RDI => PerfRegister.Di,
            Operand.RBP => PerfRegister.Bp,
            Operand.RSP => PerfRegister.Sp,
            >= Operand.R8 and <= Operand.R15 => PerfRegister.R8 + (full - Operand.R8),
            _ => PerfRegister.Ip,
        };
        return register != PerfRegister.Ip;
    }
}
