namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>What has to be done to a system call at its entry.</summary>
internal enum CallAction
{
    /// <summary>Nothing: it touches no armed range. <see cref="CallPlan.Leave"/> need not be called.</summary>
    None,

    /// <summary>Let it run as it is, and call <see cref="CallPlan.Leave"/> at its exit.</summary>
    Follow,

    /// <summary>Set number and arguments to those of the plan, let it run beside the others, and call <see cref="CallPlan.Leave"/> at its exit.</summary>
    Translate,

    /// <summary>Stop the other threads, put the armed ranges back, let it run as it is, arm what is left, and call <see cref="CallPlan.Leave"/>.</summary>
    Open,

    /// <summary>The kernel keeps <see cref="CallPlan.Kept"/> and will use it when nobody looks: disarm those pages for good, say why, then let it run as it is.</summary>
    Release,

    /// <summary>Keep it from running and return <see cref="CallPlan.Refusal"/>: what it sets up would use memory where nobody can follow.</summary>
    Refuse,

    /// <summary>Keep it from running and do what it would have done: it is about a signal's action of which the kernel has another.</summary>
    Answer,
}
