using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Rsp;

namespace Haltpoint.Linux.Serving;

/// <summary>Serves the processes of a session to one client after the other.</summary>
/// <remarks>
/// Runs on the session's own thread, which waits for client and processes at once; while nothing runs it waits for the client
/// alone, in the read itself. <see cref="RequestShutdown"/> is for any thread.
/// </remarks>
public sealed unsafe partial class ServerLoop : IDisposable
{
    // Larger makes no memory transfer faster.
    private const int BufferLength = 128 * 1024;

    private readonly PtraceSession _session;
    private readonly ServerSettings _settings;
    private readonly ServerConsole _console;
    private readonly PacketLog _packets;
    private readonly byte* _input;
    private readonly byte* _output;
    private readonly byte[] _received = new byte[BufferLength];
    private volatile Connection? _connection;
    private volatile bool _isShutdownRequested;
    private LinuxTarget _target;

    public ServerLoop(PtraceSession session, ServerConsole console, PacketLog packets)
    {
        ArgumentNullException.ThrowIfNull(session);
        _session = session;
        _settings = session.Server;
        _console = console;
        _packets = packets;
        _target = new LinuxTarget(session);
        _input = (byte*)NativeMemory.Alloc(BufferLength);
        _output = (byte*)NativeMemory.Alloc(BufferLength);
    }

    private bool IsOver => _isShutdownRequested || _settings.IsExitRequested;

    /// <summary>Serves clients until one ends the server, the last process is gone, or a shutdown was requested.</summary>
    public void Serve(Listener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        ConnectionEnd end = ConnectionEnd.None;
        try
        {
            while (TryAccept(listener, out Connection? connection))
            {
                using (connection)
                {
                    end = Converse(connection);
                    _connection = null;
                }

                if (IsOver || _settings.IsOnce || !listener.CanReopen || !(_settings.IsExtended || _session.HasProcesses))
                {
                    break;
                }

                _console.ConnectionLost();
                _session.ForgetClient();
            }
        }
        finally
        {
            // Whatever ended it: nothing of ours may stay in a process that lives on.
            EndProcesses();
        }

        if (end == ConnectionEnd.Detached)
        {
            AwaitChildren();
        }
    }

    /// <summary>Makes <see cref="Serve"/> end soon. On any thread.</summary>
    public void RequestShutdown()
    {
        _isShutdownRequested = true;
        _session.RequestShutdown();
        _connection?.Break();
    }

    public void Dispose()
    {
        NativeMemory.Free(_input);
        NativeMemory.Free(_output);
    }

    private bool TryAccept(Listener listener, [NotNullWhen(true)] out Connection? connection)
    {
        connection = null;
        listener.Announce(_console);
        while (connection is null && !IsOver)
        {
            // Processes may run while nobody is connected, and need us for what a debugger never sees.
            if (listener.Descriptor < 0 || (_session.Wait(listener.Descriptor, block: true, wantsStop: false) & WaitResult.Connection) != 0)
            {
                connection = listener.Accept(_console);
            }
        }

        _connection = connection;
        if (connection is not null)
        {
            _settings.Statistics.Clients++;
            if (_settings.IsOnce)
            {
                listener.Dispose();
            }
        }

        return connection is not null;
    }

    /// <summary>Serves one client until it or the server ends.</summary>
    private ConnectionEnd Converse(Connection connection)
    {
        GdbConnection<LinuxTarget> client = new(_input, BufferLength, _output, BufferLength);
        bool hasUntakenStop = false;
        while (TrySend(ref client, connection) && client.End == ConnectionEnd.None && !IsOver)
        {
            if (CanReadAtOnce(in client, connection))
            {
                if (!TryReceive(ref client, connection))
                {
                    break;
                }

                continue;
            }

            bool wantsStop = client.IsWaitingForStop || (client.IsNonStop && !hasUntakenStop);
            WaitResult result = _session.Wait(connection.Input, block: true, wantsStop);
            _settings.Log.Wake(result);
            if ((result & WaitResult.Stop) != 0)
            {
                client.Poll(ref _target);

                // A client that still owes an answer to the last notification is told when it asks.
                hasUntakenStop = client.Pending.IsEmpty;
            }

            if ((result & WaitResult.Connection) != 0)
            {
                hasUntakenStop = false;
                if (!TryReceive(ref client, connection))
                {
                    break;
                }
            }
        }

        return client.End;
    }

    /// <summary>Nothing but the client can have news, and a shutdown reaches the read.</summary>
    private bool CanReadAtOnce(in GdbConnection<LinuxTarget> client, Connection connection) =>
        connection.CanBreak && !client.IsWaitingForStop && !_session.MayHaveNews;

    private bool TrySend(ref GdbConnection<LinuxTarget> client, Connection connection)
    {
        while (!client.Pending.IsEmpty)
        {
            _packets.Sent(client.Pending);
            _settings.Statistics.BytesSent += client.Pending.Length;
            if (!connection.TryWrite(client.Pending))
            {
                return false;
            }

            client.Sent(client.Pending.Length);
            client.Poll(ref _target);
        }

        return true;
    }

    private bool TryReceive(ref GdbConnection<LinuxTarget> client, Connection connection)
    {
        int length = connection.Read(_received);
        _packets.Received(_received.AsSpan(0, length));
        _settings.Statistics.BytesReceived += length;
        int taken = 0;
        while (taken < length && client.End == ConnectionEnd.None)
        {
            int step = client.Receive(ref _target, _received.AsSpan(taken, length - taken));
            taken += step;

            // A packet it cannot take with nothing to send first would be offered for ever.
            bool isStuck = step == 0 && client.Pending.IsEmpty;
            if (isStuck || !TrySend(ref client, connection))
            {
                return false;
            }
        }

        return length > 0;
    }
}
