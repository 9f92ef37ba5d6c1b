namespace Haltpoint.Cli.Gdbserver;

/// <summary>A command line that is answered with text and starts no server.</summary>
internal sealed record GdbserverReply(string Text, bool IsError)
{
    public int ExitCode => IsError ? 1 : 0;
}
