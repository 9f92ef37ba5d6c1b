using Haltpoint.Linux.Perf;
using Iced.Intel;

namespace Haltpoint.Linux.Decoding;

/// <summary>What one instruction does to memory, so that registers taken after it give the address and the value.</summary>
/// <remarks>Made once for an instruction; applying it to a hit costs a few operations.</remarks>
internal readonly struct AccessRecipe
{
    public required AccessOperation Operation { get; init; }

    /// <summary>Whether it writes, whether or not it also reads.</summary>
    public required bool Writes { get; init; }

    /// <summary>Bytes of the operand in memory.</summary>
    public required int Size { get; init; }

    public RegisterPart? Base { get; init; }

    public RegisterPart? Index { get; init; }

    public int Scale { get; init; }

    public ulong Displacement { get; init; }

    /// <summary>What must be subtracted from the base as it is now to get it as it was.</summary>
    public long BaseMoved { get; init; }

    /// <summary>A string instruction moves its base by this, against it when the direction flag is set.</summary>
    public int ElementMoved { get; init; }

    /// <summary>False where a register of the address was overwritten, or a segment base is part of it.</summary>
    public required bool HasAddress { get; init; }

    public int AddressSize { get; init; }

    /// <summary>The register with the value, if it is one.</summary>
    public RegisterPart? Source { get; init; }

    /// <summary>The value, where it is in the instruction.</summary>
    public ulong Immediate { get; init; }

    public ConditionCode Condition { get; init; }

    /// <summary>Whether sign, zero and parity flag describe the value it left.</summary>
    public bool SetsResultFlags { get; init; }

    /// <summary>All bits of a value of so many bytes.</summary>
    public static ulong Mask(int size) => size >= 8 ? ulong.MaxValue : (1ul << (8 * size)) - 1;

    /// <summary>Where the operand was, by the registers as they are after the instruction.</summary>
    public ulong AddressOf(in PerfRegisters registers)
    {
        ulong address = Displacement;
        if (Base is { } @base)
        {
            address += @base.Read(registers) - (ulong)BaseMoved;
        }

        if (Index is { } index)
        {
            address += index.Read(registers) * (ulong)Scale;
        }

        if (ElementMoved != 0)
        {
            bool down = (registers[PerfRegister.Flags] & WrittenValue.DirectionFlag) != 0;
            address -= (ulong)(down ? -ElementMoved : ElementMoved);
        }

        return address & Mask(AddressSize);
    }

    /// <summary>Whether the operand, where its address is known, has a byte in common with the range.</summary>
    public bool MayTouch(in PerfRegisters registers, ulong start, int length)
    {
        if (!HasAddress)
        {
            return true;
        }

        ulong address = AddressOf(registers);
        return address < start + (ulong)length && start < address + (ulong)Size;
    }
}
