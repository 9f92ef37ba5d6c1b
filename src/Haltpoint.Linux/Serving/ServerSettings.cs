namespace Haltpoint.Linux.Serving;

/// <summary>What whoever started the server told it, and what clients changed since by <c>monitor</c>.</summary>
/// <remarks>Used on the server's thread only.</remarks>
public sealed class ServerSettings
{
    public const string DefaultThreadLibraryPath = "$sdir:$pdir";

    public DisabledPackets DisabledPackets { get; set; }

    /// <summary>Serve one client and end.</summary>
    public bool IsOnce { get; set; }

    /// <summary>A client turned extended mode on: the server outlives its processes.</summary>
    public bool IsExtended { get; set; }

    /// <summary>A client said <c>monitor exit</c>.</summary>
    public bool IsExitRequested { get; set; }

    /// <summary>Taken and reported as gdbserver does; this server reads thread-local storage without libthread_db.</summary>
    public string ThreadLibraryPath { get; set; } = DefaultThreadLibraryPath;

    public ServerLog Log { get; } = new();

    /// <summary>Null where nobody is told: in a program that uses a session as a library.</summary>
    public ServerConsole? Console { get; set; }

    internal MonitorOutput MonitorOutput { get; } = new();

    internal ServerStatistics Statistics { get; } = new();
}
