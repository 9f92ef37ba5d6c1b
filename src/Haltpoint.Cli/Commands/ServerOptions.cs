using System;
using System.CommandLine;
using Haltpoint.Linux.Serving;

namespace Haltpoint.Cli.Commands;

/// <summary>Options that the verbs with a server share.</summary>
internal sealed class ServerOptions
{
    private readonly Option<string> _listen = new("--listen", "-l")
    {
        Description = "Where clients connect: HOST:PORT, :PORT (loopback), unix:PATH or stdio.",
        DefaultValueFactory = _ => ":0",
        HelpName = "ADDRESS",
    };

    private readonly Option<bool> _once = new("--once") { Description = "End when the first client is gone." };

    private readonly Option<string?> _packetLog = new("--log-packets")
    {
        Description = "Write every packet to a file.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_listen);
        command.Options.Add(_once);
        command.Options.Add(_packetLog);
    }

    /// <summary>The server these options describe.</summary>
    public Server CreateServer(ParseResult result) =>
        new(OpenListener(result.GetValue(_listen)!), new ServerSettings { IsOnce = result.GetValue(_once) }, result.GetValue(_packetLog));

    private static Listener OpenListener(string text)
    {
        if (!ListenAddress.TryParse(text, out ListenAddress? address, out string error))
        {
            throw new ServingException($"--listen {text}: {error}");
        }

        if (address!.Kind == ListenKind.Device && !text.Contains('/', StringComparison.Ordinal))
        {
            throw new ServingException($"--listen {text}: this is no address: use HOST:PORT, :PORT, unix:PATH or stdio");
        }

        try
        {
            return Listener.Open(address, opensToAll: false);
        }
        catch (ServingException exception)
        {
            throw new ServingException($"--listen {text}: {exception.Message.TrimEnd('.')}. Choose another address; ':0' takes any free port.");
        }
    }
}
