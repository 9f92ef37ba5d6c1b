using System;
using System.Collections.Generic;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Symbols;
using Iced.Intel;

namespace Haltpoint.Linux.Decoding;

/// <summary>Tells which instruction of a process made an access, from the registers right after it.</summary>
/// <remarks>One caller at a time. What ends at an address is worked out once; a hit then only checks that the operand lies where the watch does.</remarks>
internal sealed class AccessDecoder(ProcessMemory memory, CodeLocator locator, bool wantsReads)
{
    // A function longer than this is not decoded from its beginning: the vote near its end is as good.
    private const int LongestFunction = 64 * 1024;
    private const int LongestInstruction = 15;

    private readonly RecipeCompiler _compiler = new();
    private readonly Dictionary<ulong, DecodedAccess[]> _known = [];

    /// <summary>Finds it.</summary>
    /// <param name="registers">After the instruction.</param>
    /// <param name="is32Bit">Whether the thread runs 32-bit code.</param>
    /// <param name="start">The watched bytes.</param>
    /// <param name="length">How many.</param>
    /// <param name="stack">What the sample has of the stack; may be empty.</param>
    /// <param name="access">The instruction.</param>
    public bool TryDecode(in PerfRegisters registers, bool is32Bit, ulong start, int length, ReadOnlySpan<byte> stack, out DecodedAccess access)
    {
        ulong end = registers[PerfRegister.Ip];
        if (!_known.TryGetValue(end, out DecodedAccess[]? candidates))
        {
            candidates = Compile(end, is32Bit);
            _known.Add(end, candidates);
        }

        foreach (DecodedAccess candidate in candidates)
        {
            if (candidate.Recipe.MayTouch(registers, start, length))
            {
                access = candidate;
                return true;
            }
        }

        return TryDecodeCall(registers, is32Bit, start, length, stack, out access);
    }

    private DecodedAccess[] Compile(ulong end, bool is32Bit)
    {
        int bitness = is32Bit ? 32 : 64;
        List<DecodedAccess> candidates = [];
        // A repeated string instruction reports between its rounds, while the instruction pointer is still on it.
        Span<byte> ahead = stackalloc byte[LongestInstruction];
        int count = memory.ReadCode(end, ahead);
        if (InstructionFinder.TryDecode(ahead[..count], end, bitness, out Instruction next) && (next.HasRepPrefix || next.HasRepnePrefix)
            && next.IsStringInstruction && _compiler.TryCompile(next, wantsReads, out AccessRecipe repeated))
        {
            candidates.Add(new DecodedAccess(end, repeated, true));
        }

        foreach (FoundInstruction found in FindEndingAt(end, bitness))
        {
            if (_compiler.TryCompile(found.Instruction, wantsReads, out AccessRecipe recipe) && recipe.Operation != AccessOperation.Call)
            {
                candidates.Add(new DecodedAccess(found.Instruction.IP, recipe, found.IsCertain));
            }
        }

        return [.. candidates];
    }

    private List<FoundInstruction> FindEndingAt(ulong end, int bitness)
    {
        (ulong line, ulong function) = locator.KnownStarts(end - 1);
        ulong first = end - InstructionFinder.Lookback;
        foreach (ulong known in (ReadOnlySpan<ulong>)[line, function])
        {
            first = known != 0 && known < first && end - known <= LongestFunction ? known : first;
        }

        byte[] code = new byte[end - first];
        int count = memory.ReadCode(first, code);
        if (count < code.Length)
        {
            // The page before is not mapped: take what is on the one with the instruction.
            ulong page = (end - 1) & ~0xFFFul;
            code = new byte[end - ulong.Max(page, first)];
            count = memory.ReadCode(end - (ulong)code.Length, code);
        }

        return count == code.Length ? InstructionFinder.FindEndingAt(code, end, bitness, [line, function]) : [];
    }

    // A call leaves its return address and goes on elsewhere, so what ends where it arrived has nothing to do with it.
    private bool TryDecodeCall(in PerfRegisters registers, bool is32Bit, ulong start, int length, ReadOnlySpan<byte> stack, out DecodedAccess access)
    {
        access = default;
        int size = is32Bit ? 4 : 8;
        ulong top = registers[PerfRegister.Sp];
        if (top >= start + (ulong)length || start >= top + (ulong)size)
        {
            return false;
        }

        ulong returnAddress = 0;
        bool isExact = stack.Length >= size;
        if (isExact)
        {
            returnAddress = is32Bit ? BitConverter.ToUInt32(stack) : BitConverter.ToUInt64(stack);
        }
        else if (!memory.TryReadValue(top, size, out returnAddress))
        {
            return false;
        }

        foreach (FoundInstruction found in FindEndingAt(returnAddress, is32Bit ? 32 : 64))
        {
            if (found.Instruction.Mnemonic == Mnemonic.Call && _compiler.TryCompile(found.Instruction, wantsReads, out AccessRecipe recipe))
            {
                access = new DecodedAccess(found.Instruction.IP, recipe, isExact && found.IsCertain);
                return true;
            }
        }

        return false;
    }
}
