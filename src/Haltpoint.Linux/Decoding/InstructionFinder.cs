using System;
using System.Collections.Generic;
using Iced.Intel;

namespace Haltpoint.Linux.Decoding;

/// <summary>Finds the instruction that ends where a data watchpoint reported: a trap comes after the access .</summary>
/// <remarks>
/// x86 cannot be decoded backwards. From a place that is known to begin an instruction, such as a function or a source line,
/// decoding forwards gets there without doubt. Without such a place, decoding is begun at every byte a good way before: after a few
/// instructions nearly every start falls into step with the true ones, so the answer most of them give is taken.
/// </remarks>
internal static class InstructionFinder
{
    /// <summary>How much code before the end it is worth having when no start is known.</summary>
    public const int Lookback = 96;

    private const int LongestInstruction = 15;

    // In parts of 256: how many of the starts must agree before the answer counts as certain.
    private const int CertainShare = 230;

    /// <summary>The instructions that may end at <paramref name="end"/>, the likeliest first.</summary>
    /// <param name="code">The bytes before <paramref name="end"/>; the last one is at <paramref name="end"/> - 1.</param>
    /// <param name="end">Where the instruction ends.</param>
    /// <param name="bitness">32 or 64.</param>
    /// <param name="knownStarts">Addresses that begin an instruction, the nearest first.</param>
    public static List<FoundInstruction> FindEndingAt(ReadOnlySpan<byte> code, ulong end, int bitness, ReadOnlySpan<ulong> knownStarts)
    {
        byte[] bytes = code.ToArray();
        ulong first = end - (ulong)bytes.Length;
        foreach (ulong start in knownStarts)
        {
            if (start >= first && start < end && TryDecodeTo(bytes, (int)(start - first), end, bitness, out Instruction instruction))
            {
                return [new FoundInstruction(instruction, true)];
            }
        }

        return Vote(bytes, end, bitness);
    }

    /// <summary>The instruction that begins at the first byte.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> code, ulong address, int bitness, out Instruction instruction)
    {
        Decoder decoder = Decoder.Create(bitness, code.ToArray(), address);
        decoder.Decode(out instruction);
        return !instruction.IsInvalid;
    }

    private static List<FoundInstruction> Vote(byte[] bytes, ulong end, int bitness)
    {
        Dictionary<ulong, (Instruction Instruction, int Votes)> votes = [];
        int starts = 0;
        for (int offset = int.Max(0, bytes.Length - Lookback); offset < bytes.Length; offset++)
        {
            if (TryDecodeTo(bytes, offset, end, bitness, out Instruction instruction))
            {
                // A start right before the end has had no time to fall into step.
                int weight = bytes.Length - offset > LongestInstruction ? 1 : 0;
                starts += weight;
                votes[instruction.IP] = (instruction, votes.GetValueOrDefault(instruction.IP).Votes + weight);
            }
        }

        List<FoundInstruction> found = [];
        foreach ((Instruction instruction, int count) in votes.Values)
        {
            found.Add(new FoundInstruction(instruction, starts > 0 && count * 256 >= starts * CertainShare) { Votes = count });
        }

        // With equal votes the longer one: its prefixes are no instruction.
        found.Sort((a, b) => a.Votes != b.Votes ? b.Votes.CompareTo(a.Votes) : b.Instruction.Length.CompareTo(a.Instruction.Length));
        return found;
    }

    private static bool TryDecodeTo(byte[] bytes, int offset, ulong end, int bitness, out Instruction instruction)
    {
        Decoder decoder = Decoder.Create(bitness, new ByteArrayCodeReader(bytes, offset, bytes.Length - offset));
        decoder.IP = end - (ulong)(bytes.Length - offset);
        do
        {
            decoder.Decode(out instruction);
            if (instruction.IsInvalid)
            {
                return false;
            }
        }
        while (instruction.NextIP < end);

        return instruction.NextIP == end;
    }
}
