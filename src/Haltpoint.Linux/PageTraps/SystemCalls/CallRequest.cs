namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>A system call as the program made it.</summary>
internal struct CallRequest
{
    public CallAbi Abi;
    public int Number;
    public CallArguments Arguments;
    public ulong StackPointer;

    /// <summary>The process of the thread, for calls that name one.</summary>
    public int Process;
}
