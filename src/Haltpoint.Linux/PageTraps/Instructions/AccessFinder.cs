using System;
using System.Numerics;
using Haltpoint.Linux.Registers;
using Iced.Intel;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>Tells what an operand will access from the registers before the instruction.</summary>
internal static class AccessFinder
{
    private const int CacheLine = 64;

    /// <summary>The accesses of one operand, in the order of addresses; neighbouring elements of a masked vector are one access.</summary>
    /// <returns>How many; -1 when it cannot be told.</returns>
    public static int Find<TRegisters>(in MemoryOperand operand, in ElementRule rule, ref TRegisters registers, Span<MemoryAccess> into)
        where TRegisters : struct, IRegisterFile
    {
        if (!operand.Address.TryLinear(ref registers, 0, out ulong address))
        {
            return -1;
        }

        switch (rule.Selection)
        {
            case ElementSelection.Whole:
                into[0] = new MemoryAccess(address, operand.Size, operand.Direction);
                return 1;
            case ElementSelection.CacheLine:
                into[0] = new MemoryAccess(address & ~(ulong)(CacheLine - 1), CacheLine, operand.Direction);
                return 1;
            case ElementSelection.BitString:
                bool known = operand.Address.TryLinear(ref registers, BitUnit(rule, ref registers), out address);
                into[0] = new MemoryAccess(address, operand.Size, operand.Direction);
                return known ? 1 : -1;
            case ElementSelection.StateComponents:
                int length = registers.TryReadExtended(out ReadOnlySpan<byte> area)
                    ? StateArea.Length(area, (registers[UserRegister.Rdx] << 32) | (uint)registers[UserRegister.Rax])
                    : 0;
                into[0] = new MemoryAccess(address, length, operand.Direction);
                return length > 0 ? 1 : -1;
        }

        return registers.TryReadExtended(out ReadOnlySpan<byte> state) && TryMask(rule, state, out ulong mask)
            ? FindElements(operand, rule, ref registers, state, address, mask, into)
            : -1;
    }

    /// <summary>How far from its operand a bit instruction with a register for the bit goes: whole units, either way (SDM vol. 2, BT).</summary>
    public static ulong BitUnit<TRegisters>(in ElementRule rule, ref TRegisters registers)
        where TRegisters : struct, IRegisterFile
    {
        if (!RegisterSlice.TryFrom(rule.Mask, out RegisterSlice slice))
        {
            return 0;
        }

        int unused = 64 - (8 * rule.Size);
        long bit = (long)(slice.Read(ref registers) << unused) >> unused;
        int unitBits = 8 * rule.Size;
        return (ulong)((bit >> BitOperations.Log2((uint)unitBits)) * rule.Size);
    }

    /// <summary>One bit for each element that is accessed.</summary>
    public static bool TryMask(in ElementRule rule, ReadOnlySpan<byte> state, out ulong mask)
    {
        ulong all = rule.Count >= 64 ? ulong.MaxValue : (1ul << rule.Count) - 1;
        if (rule.Selection is ElementSelection.SignMask or ElementSelection.IndexedBySignMask)
        {
            mask = 0;
            Span<byte> signs = stackalloc byte[VectorState.Widest];
            if (!VectorState.TryRead(state, rule.Mask, signs))
            {
                return false;
            }

            for (int i = 0; i < rule.Count; i++)
            {
                mask |= (ulong)(signs[((i + 1) * rule.Size) - 1] >> 7) << i;
            }

            return true;
        }

        if (!VectorState.TryReadMask(state, rule.Mask, out mask))
        {
            return false;
        }

        ulong bits = rule.MaskBits >= 64 ? ulong.MaxValue : (1ul << rule.MaskBits) - 1;
        switch (rule.Selection)
        {
            case ElementSelection.CountOfOpMask:
                int count = BitOperations.PopCount(mask & bits);
                mask = count >= 64 ? ulong.MaxValue : (1ul << count) - 1;
                break;
            case ElementSelection.IndexedByOpMask:
                mask &= all;
                break;
            default:
                ulong wanted = mask & bits;
                for (mask = 0; wanted != 0; wanted = rule.Count >= 64 ? 0 : wanted >> rule.Count)
                {
                    mask |= wanted & all;
                }

                break;
        }

        return true;
    }

    /// <summary>Where element <paramref name="i"/> of a gather or scatter is, from the part of the address that all share.</summary>
    public static bool TryElementAddress<TRegisters>(
        in MemoryOperand operand, in ElementRule rule, ref TRegisters registers, ReadOnlySpan<byte> index, int i, out ulong address)
        where TRegisters : struct, IRegisterFile
    {
        long offset = rule.IndexSize == sizeof(int)
            ? BitConverter.ToInt32(index[(i * sizeof(int))..])
            : BitConverter.ToInt64(index[(i * sizeof(long))..]);
        return operand.Address.TryLinear(ref registers, (ulong)(offset * rule.Scale), out address);
    }

    private static int FindElements<TRegisters>(
        in MemoryOperand operand, in ElementRule rule, ref TRegisters registers, ReadOnlySpan<byte> state, ulong address, ulong mask, Span<MemoryAccess> into)
        where TRegisters : struct, IRegisterFile
    {
        int count = 0;
        if (rule.Index != Register.None)
        {
            Span<byte> index = stackalloc byte[VectorState.Widest];
            if (!VectorState.TryRead(state, rule.Index, index))
            {
                return -1;
            }

            for (; mask != 0; mask &= mask - 1)
            {
                if (!TryElementAddress(operand, rule, ref registers, index, BitOperations.TrailingZeroCount(mask), out ulong element))
                {
                    return -1;
                }

                into[count++] = new MemoryAccess(element, rule.Size, operand.Direction);
            }

            return count;
        }

        while (mask != 0)
        {
            int first = BitOperations.TrailingZeroCount(mask);
            int run = BitOperations.TrailingZeroCount(~(mask >> first));
            into[count++] = new MemoryAccess(address + (ulong)(first * rule.Size), run * rule.Size, operand.Direction);
            mask &= run >= 64 ? 0 : ~(((1ul << run) - 1) << first);
        }

        return count;
    }
}
