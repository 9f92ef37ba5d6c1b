namespace Haltpoint.Linux.Serving;

/// <summary>How a client reaches the server.</summary>
public enum ListenKind
{
    Tcp,
    UnixSocket,

    /// <summary>Standard input and output.</summary>
    StandardStreams,

    /// <summary>A terminal, serial line or named pipe.</summary>
    Device,
}
