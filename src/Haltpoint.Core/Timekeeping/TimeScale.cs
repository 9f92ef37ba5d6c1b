namespace Haltpoint.Timekeeping;

/// <summary>From counts to nanoseconds and back, rounded down and otherwise exact: what is rounded is never added up.</summary>
public static class TimeScale
{
    public const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <param name="count">Steps.</param>
    /// <param name="frequency">Steps per second, below 2^34, so that the rest of a second fits.</param>
    public static ulong ToNanoseconds(ulong count, ulong frequency) =>
        (count / frequency * NanosecondsPerSecond) + (count % frequency * NanosecondsPerSecond / frequency);

    /// <param name="nanoseconds">A time.</param>
    /// <param name="frequency">Steps per second, below 2^34.</param>
    public static ulong ToCount(ulong nanoseconds, ulong frequency) =>
        (nanoseconds / NanosecondsPerSecond * frequency) + (nanoseconds % NanosecondsPerSecond * frequency / NanosecondsPerSecond);
}
