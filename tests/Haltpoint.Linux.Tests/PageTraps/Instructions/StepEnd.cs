namespace Haltpoint.Linux.Tests.PageTraps.Instructions;

/// <summary>How a step ended.</summary>
/// <param name="Signal">That stopped it.</param>
/// <param name="Code">Why.</param>
/// <param name="Address">Where it faulted.</param>
/// <param name="HasMoved">Whether the instruction pointer is elsewhere than before.</param>
internal readonly record struct StepEnd(int Signal, int Code, ulong Address, bool HasMoved)
{
    private const int IllegalInstruction = 4;
    private const int Trap = 5;
    private const int SegmentationFault = 11;

    /// <summary>A gather that is going to fault traps before, where it was.</summary>
    public bool IsExecuted => Signal == Trap && HasMoved;

    public bool IsIllegal => Signal == IllegalInstruction;

    /// <summary>A fault that says where: SEGV_MAPERR, SEGV_ACCERR or SEGV_PKUERR.</summary>
    public bool IsPageFault => Signal == SegmentationFault && Code is >= 1 and <= 4;
}
