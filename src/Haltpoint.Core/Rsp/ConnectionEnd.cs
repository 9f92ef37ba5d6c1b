namespace Haltpoint.Rsp;

/// <summary>Why there is nothing more to say to a client.</summary>
public enum ConnectionEnd : byte
{
    /// <summary>The conversation goes on.</summary>
    None,

    /// <summary>The client detached from the last process.</summary>
    Detached,

    /// <summary>The client killed the last process.</summary>
    Killed,

    /// <summary>The last process ended and the client was told.</summary>
    Exited,
}
