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

    /// <param name="listener">Open already, so that a bad address starts nothing. Disposed with the server.</param>
    /// <param name="settings">Options.</param>
    /// <param name="packetLog">A file to write packets to.</param>
    /// <exception cref="ServingException">The log cannot be written.</exception>
    public Server(Listener listener, ServerSettings settings, string? packetLog)
    {
        settings.Console = _console;
        _listener = listener;
        _packets = new PacketLog(settings.Log, packetLog);
        _session = new PtraceSession { Server = settings };
        _session.Launch.SparesStandardStreams = listener.TakesStandardStreams;
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
