using Haltpoint.Linux.Perf;

namespace Haltpoint.Linux.Watching;

/// <summary>Where the kernel was in a repeated copy when the CPU reported one of its rounds.</summary>
/// <remarks>A copy to the program is one instruction that reports after each round that touches the watched bytes; its registers say how far it is.</remarks>
internal readonly record struct KernelCopy(ulong InstructionPointer, ulong Destination, ulong Remaining)
{
    // The instruction pointer goes behind the instruction with the last round.
    private const ulong LongestRepeat = 4;

    public static KernelCopy At(in PerfRegisters registers) =>
        new(registers[PerfRegister.Ip], registers[PerfRegister.Di], registers[PerfRegister.Cx]);

    public bool IsComplete => Remaining == 0;

    /// <summary>Whether this is a later round of the same copy.</summary>
    public bool Continues(KernelCopy earlier)
    {
        ulong rounds = earlier.Remaining - Remaining;
        ulong bytes = Destination - earlier.Destination;
        return rounds != 0 && rounds <= earlier.Remaining
            && (bytes == rounds || bytes == 2 * rounds || bytes == 4 * rounds || bytes == 8 * rounds)
            && InstructionPointer - earlier.InstructionPointer <= LongestRepeat;
    }
}
