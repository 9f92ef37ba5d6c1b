using Haltpoint.Linux.Watching;

namespace Haltpoint.Linux.Watchpoints;

/// <summary>What somebody ordered by <c>monitor</c> to happen at the hits of a watchpoint, known by its number; it may not be inserted yet.</summary>
internal sealed class WatchpointOrders
{
    /// <summary>Hits of which this is not true are passed over; null for none.</summary>
    public HitCondition? Condition { get; set; }

    /// <summary>So many of the next hits are passed over.</summary>
    public long Ignored { get; set; }

    /// <summary>Hits are printed, and stop nobody.</summary>
    public bool IsLogged { get; set; }

    public bool IsEmpty => Condition is null && Ignored == 0 && !IsLogged;
}
