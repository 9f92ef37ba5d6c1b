namespace Haltpoint.Ring0.Threads;

internal enum ThreadState
{
    /// <summary>A place in the table that belongs to nobody.</summary>
    Free,

    /// <summary>In the run queue of its CPU.</summary>
    Ready,
    Running,

    /// <summary>Until its time comes.</summary>
    Sleeping,

    /// <summary>Until somebody wakes it.</summary>
    Waiting,
}
