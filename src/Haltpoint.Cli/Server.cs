using System;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Serving;
using Haltpoint.Targets;

namespace Haltpoint.Cli;

/// <summary>A server from its address to its exit status: what the verbs with a server have in common.</summary>
internal sealed class Server : IDisposable
{
    private readonly ServerConsole _console = new();
    private readonly PtraceSession _session;
    private readonly PacketLog _packets;
    private readonly Listener _listener;
    private readonly ServerLoop _loop;

    /// <summary>Opens the address, so that a bad one starts nothing.</summary>
    /// <exception cref="ServingException">The address or the log cannot be used.</exception>
    public Server(ListenAddress address, bool opensToAll, ServerSettings settings, string? packetLog)
    {
        settings.Console = _console;
        _listener = Listener.Open(address, opensToAll);
        _packets = new PacketLog(settings.Log, packetLog);
        _session = new PtraceSession { Server = settings };
        _session.Launch.SparesStandardStreams = address.Kind == ListenKind.StandardStreams;
        _loop = new ServerLoop(_session, _console, _packets);
    }

    /// <summary>How programs are started, now and when a client asks.</summary>
    public LaunchSettings Launching => _session.Launch;

    /// <summary>Starts the program of <see cref="Launching"/> and serves it.</summary>
    public int Launch()
    {
        if (Launching.SparesStandardStreams)
        {
            _console.StreamsRedirected();
        }

        Check(_session.Run(Launching.ToRequest(), out int process));
        _console.ProcessCreated(Launching.Arguments[0], process);
        return Serve();
    }

    public int Attach(int process)
    {
        Check(_session.Attach(process));
        _console.Attached(process);
        return Serve();
    }

    public int Serve()
    {
        using ShutdownSignals signals = new(_loop);
        _loop.Serve(_listener);
        return signals.ExitCode;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _packets.Dispose();
        _loop.Dispose();
        _session.Dispose();
    }

    private void Check(TargetStatus status)
    {
        if (status != TargetStatus.Ok)
        {
            throw new ServingException(_session.LastError);
        }
    }
}
