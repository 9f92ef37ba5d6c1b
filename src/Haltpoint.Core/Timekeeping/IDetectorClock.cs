namespace Haltpoint.Timekeeping;

/// <summary>The clock of a detector: one that a tick carries on, and that stands still when ticks do.</summary>
public interface IDetectorClock<TSelf>
    where TSelf : struct
{
    /// <summary>The time that the last tick wrote down.</summary>
    static abstract long Now(ref TSelf self);

    /// <summary>Brings it up to date. After a stop the next tick may look at it before it is carried on (F-41, F-51).</summary>
    static abstract void Synchronise(ref TSelf self);
}
