using System;

namespace Haltpoint.Linux.Watching;

/// <summary>A watch that cannot be had; its message is one line that says why and what to do. Nothing was changed.</summary>
public sealed class WatchException : Exception
{
    public WatchException(string message)
        : base(message)
    {
    }

    public WatchException()
    {
    }

    public WatchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
