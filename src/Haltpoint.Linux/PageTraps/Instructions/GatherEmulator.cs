using System;
using System.Numerics;
using Haltpoint.Linux.Registers;
using Iced.Intel;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>Gathers and scatters, which the processor too does element by element, from the lowest on.</summary>
internal static class GatherEmulator
{
    public static bool TryGather<TRegisters, TMemory>(
        in EmulatedInstruction emulated, KnownInstruction instruction, ref TRegisters registers, ref TMemory memory)
        where TRegisters : struct, IRegisterFile
        where TMemory : struct, IProgramMemory
    {
        ref readonly ElementRule rule = ref instruction.Elements;
        Span<byte> index = stackalloc byte[VectorState.Widest];
        Span<byte> value = stackalloc byte[VectorState.Widest];
        if (!registers.TryReadExtended(out ReadOnlySpan<byte> before)
            || !AccessFinder.TryMask(rule, before, out ulong mask)
            || !VectorState.TryRead(before, rule.Index, index)
            || !VectorState.TryRead(before, emulated.Vector, value))
        {
            return false;
        }

        for (; mask != 0; mask &= mask - 1)
        {
            int i = BitOperations.TrailingZeroCount(mask);
            if (!AccessFinder.TryElementAddress(instruction.Operands[0], rule, ref registers, index, i, out ulong address)
                || !memory.TryRead(address, value.Slice(i * rule.Size, rule.Size)))
            {
                return false;
            }
        }

        return registers.TryChangeExtended(out Span<byte> area)
            && VectorState.TryWrite(area, emulated.Vector, value[..(rule.Count * rule.Size)], true)
            && TryEnd(instruction, ref registers, area);
    }

    public static bool TryScatter<TRegisters, TMemory>(
        in EmulatedInstruction emulated, KnownInstruction instruction, ref TRegisters registers, ref TMemory memory)
        where TRegisters : struct, IRegisterFile
        where TMemory : struct, IProgramMemory
    {
        ref readonly ElementRule rule = ref instruction.Elements;
        Span<byte> index = stackalloc byte[VectorState.Widest];
        Span<byte> value = stackalloc byte[VectorState.Widest];
        if (!registers.TryReadExtended(out ReadOnlySpan<byte> before)
            || !AccessFinder.TryMask(rule, before, out ulong mask)
            || !VectorState.TryRead(before, rule.Index, index)
            || !VectorState.TryRead(before, emulated.Vector, value))
        {
            return false;
        }

        for (; mask != 0; mask &= mask - 1)
        {
            int i = BitOperations.TrailingZeroCount(mask);
            if (!AccessFinder.TryElementAddress(instruction.Operands[0], rule, ref registers, index, i, out ulong address)
                || !memory.TryWrite(address, value.Slice(i * rule.Size, rule.Size)))
            {
                return false;
            }
        }

        return registers.TryChangeExtended(out Span<byte> area) && TryEnd(instruction, ref registers, area);
    }

    // A mask tells what is left to do, so it is clear at the end.
    private static bool TryEnd<TRegisters>(KnownInstruction instruction, ref TRegisters registers, Span<byte> area)
        where TRegisters : struct, IRegisterFile
    {
        registers[UserRegister.Rip] = instruction.NextAddress;
        Register mask = instruction.Elements.Mask;
        if (instruction.Elements.Selection == ElementSelection.IndexedBySignMask)
        {
            return VectorState.TryWrite(area, mask, default, true);
        }

        VectorState.WriteMask(area, mask, 0);
        return true;
    }
}
