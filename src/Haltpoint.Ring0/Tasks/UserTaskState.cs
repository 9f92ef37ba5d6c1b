namespace Haltpoint.Ring0.Tasks;

internal enum UserTaskState
{
    Free,
    Runs,

    /// <summary>Held for its tracer.</summary>
    Stopped,

    /// <summary>Until its parent has asked.</summary>
    Ended,
}
