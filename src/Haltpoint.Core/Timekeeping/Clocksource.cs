using System.Threading;

namespace Haltpoint.Timekeeping;

/// <summary>A counter that time can be told by, and what is known of it.</summary>
public struct Clocksource
{
    private int _isUnstable;

    /// <summary>Steps per second; 0 when the machine has no such counter.</summary>
    public ulong Frequency;

    /// <summary>The counter's bits.</summary>
    public ulong Mask;

    /// <summary>The higher the better.</summary>
    public int Rating;

    /// <summary>It may run wrong, or differently on each CPU, and is compared with others all the time.</summary>
    public bool MustVerify;

    /// <summary>How far the frequency may be off from where it was measured, in parts per million.</summary>
    public uint Uncertainty;

    public readonly bool IsThere => Frequency != 0;

    /// <summary>It was caught running wrong. Never taken back.</summary>
    public readonly bool IsUnstable => Volatile.Read(in _isUnstable) != 0;

    public readonly bool IsUsable => IsThere && !IsUnstable;

    /// <summary>Nanoseconds in which the counter comes round.</summary>
    public readonly ulong Round => Mask == ulong.MaxValue ? ulong.MaxValue : TimeScale.ToNanoseconds(Mask, Frequency);

    public void MarkUnstable() => Volatile.Write(ref _isUnstable, 1);
}
