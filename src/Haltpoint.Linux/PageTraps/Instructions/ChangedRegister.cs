using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>A register with another value for one step.</summary>
/// <param name="Word">Which.</param>
/// <param name="Original">What the program has in it.</param>
/// <param name="Substitute">What it has during the step.</param>
/// <param name="Effect">What it has afterwards.</param>
/// <param name="Size">Bytes that the instruction moves; four of them clear the upper half.</param>
internal readonly record struct ChangedRegister(UserRegister Word, ulong Original, ulong Substitute, RegisterEffect Effect, byte Size)
{
    /// <summary>The program's value after the step, of the one that the step left.</summary>
    public ulong After(ulong now) => Effect == RegisterEffect.Restore || now == Substitute
        ? Original
        : (Original + (now - Substitute)) & RegisterSlice.Mask(Size);
}
