using System.Runtime.CompilerServices;
using Haltpoint.Linux.PageTraps.Instructions;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.Guarding;

/// <summary>A thread whose registers are not the program's.</summary>
internal struct GuardedThread
{
    public const int RegisterCount = (int)UserRegister.Gs + 1;

    /// <summary>0 for a free entry.</summary>
    public int Thread;

    /// <summary>What its registers hold.</summary>
    public GuardedState State;

    /// <summary>In the system call of <see cref="Call"/>, with arguments that are not the program's.</summary>
    public int IsInCall;

    /// <summary>What they are to be, for <see cref="GuardedState.Replaced"/>.</summary>
    public Words Registers;

    /// <summary>The way back, for <see cref="GuardedState.Redirected"/>.</summary>
    public RedirectedStep Step;

    public GuardedCall Call;

    [InlineArray(RegisterCount)]
    public struct Words
    {
        private ulong _first;
    }
}
