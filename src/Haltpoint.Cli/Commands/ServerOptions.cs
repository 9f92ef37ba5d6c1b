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
    public Server CreateServer(ParseResult result)
    {
        string text = result.GetValue(_listen)!;
        if (!ListenAddress.TryParse(text, out ListenAddress? address, out string error))
        {
            throw new ServingException(error);
        }

        if (address!.Kind == ListenKind.Device && !text.Contains('/', System.StringComparison.Ordinal))
        {
            throw new ServingException($"'{text}' is no address: use HOST:PORT, :PORT, unix:PATH or stdio");
        }

        ServerSettings settings = new() { IsOnce = result.GetValue(_once) };
        return new Server(address, opensToAll: false, settings, result.GetValue(_packetLog));
    }
}
