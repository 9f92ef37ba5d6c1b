namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>What has to be done at the exit of a system call, after the program's number and arguments are back in the registers.</summary>
internal enum CallEnd
{
    /// <summary>Set the return value to <see cref="CallPlan.Result"/>.</summary>
    Done,

    /// <summary>The kernel may go on with it (restart_syscall) and then uses what it was given again: keep the scratch until this thread enters another call.</summary>
    Suspended,

    /// <summary>It met an armed range in a place that the table doesn't know: execute it again from its instruction; <see cref="CallPlan.Enter"/> will say that it has to be opened.</summary>
    RetryOpened,
}
