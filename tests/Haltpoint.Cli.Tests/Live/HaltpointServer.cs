namespace Haltpoint.Cli.Tests.Live;

/// <summary>A server of ours on a port that the system chose.</summary>
internal sealed class HaltpointServer(params string[] arguments) : RunningProgram(Paths.Haltpoint, arguments)
{
    /// <summary>Waits until it listens.</summary>
    public string Port() => WaitForLine("Listening on port ")["Listening on port ".Length..];
}
