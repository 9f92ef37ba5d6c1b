using System;

namespace Haltpoint.Linux.Serving;

/// <summary>The server cannot go on; the message is one line for a person.</summary>
public sealed class ServingException : Exception
{
    public ServingException()
    {
    }

    public ServingException(string message)
        : base(message)
    {
    }

    public ServingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
