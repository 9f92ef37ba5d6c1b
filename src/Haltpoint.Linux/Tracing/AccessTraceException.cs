using System;

namespace Haltpoint.Linux.Tracing;

/// <summary>A trace that cannot be had; its message is one line that says why and what to do. The program is as it was.</summary>
public sealed class AccessTraceException : Exception
{
    public AccessTraceException(string message)
        : base(message)
    {
    }

    public AccessTraceException()
    {
    }

    public AccessTraceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
