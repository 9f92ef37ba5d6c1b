namespace Haltpoint.Cli.Trace.Report;

/// <summary>Divides the time of a trace into a fixed number of bins, which double their width whenever the trace outgrows them.</summary>
internal sealed class TimeScale
{
    /// <summary>About as many as a picture has columns.</summary>
    public const int Bins = 400;

    private const long FirstWidth = 1000;

    private bool _hasBegun;

    /// <summary>Nanoseconds on CLOCK_MONOTONIC.</summary>
    public long Start { get; private set; }

    /// <summary>Nanoseconds of one bin.</summary>
    public long Width { get; private set; } = FirstWidth;

    /// <summary>How often the width has doubled: rows of bins catch up when they are used.</summary>
    public int Doublings { get; private set; }

    public int BinOf(long time)
    {
        if (!_hasBegun)
        {
            (_hasBegun, Start) = (true, time);
        }

        // Two CPUs' records may be a little out of order.
        long since = long.Max(time - Start, 0);
        while (since / Width >= Bins)
        {
            Width *= 2;
            Doublings++;
        }

        return (int)(since / Width);
    }
}
