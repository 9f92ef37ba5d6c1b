using Haltpoint.Linux.PageTraps.SystemCalls;

namespace Haltpoint.Linux.Guarding;

/// <summary>A system call as the program made it.</summary>
internal struct GuardedCall
{
    public ulong Number;

    /// <summary>Address of the instruction that makes it.</summary>
    public ulong InstructionPointer;

    public CallArguments Arguments;
}
