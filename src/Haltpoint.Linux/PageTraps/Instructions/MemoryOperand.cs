using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>One memory operand of an instruction.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Size">Bytes, all elements together; 0 when the registers decide.</param>
/// <param name="Direction">What is done to it.</param>
/// <param name="Role">How the instruction names it.</param>
/// <param name="Register">The register behind <see cref="OperandRole.Fixed"/>.</param>
internal readonly record struct MemoryOperand(
    AddressForm Address, int Size, AccessDirection Direction, OperandRole Role, UserRegister Register);
