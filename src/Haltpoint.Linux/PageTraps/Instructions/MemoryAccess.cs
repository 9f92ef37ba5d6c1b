namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>Bytes of memory that an instruction is about to access.</summary>
/// <param name="Address">Linear address of the first.</param>
/// <param name="Size">How many.</param>
/// <param name="Direction">What it does to them.</param>
internal readonly record struct MemoryAccess(ulong Address, int Size, AccessDirection Direction)
{
    /// <summary>The most that one instruction makes: enter with 31 levels of nesting.</summary>
    public const int Most = 64;

    public bool Touches(ulong start, ulong end) => Address < end && start < Address + (ulong)Size;
}
