using System;
using System.Diagnostics;

namespace Haltpoint.Linux.Serving;

/// <summary>What a server did so far, for <c>monitor stats</c>.</summary>
internal sealed class ServerStatistics
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public TimeSpan Uptime => Stopwatch.GetElapsedTime(_start);

    public int Clients { get; set; }

    public long BytesReceived { get; set; }

    public long BytesSent { get; set; }

    /// <summary>Stops that a client was told.</summary>
    public long Stops { get; set; }
}
