namespace Haltpoint.Timekeeping;

/// <summary>What a look of the watchdog came to.</summary>
public enum ClockVerdict
{
    /// <summary>The clock runs as the reference does.</summary>
    Good,

    /// <summary>There was nothing from before to compare with, or the machine stood still since: there is now.</summary>
    Rebased,

    /// <summary>The two were read too far apart for a verdict; the next one will tell.</summary>
    Disturbed,

    /// <summary>They differ by more than can be explained.</summary>
    Skewed,
}
