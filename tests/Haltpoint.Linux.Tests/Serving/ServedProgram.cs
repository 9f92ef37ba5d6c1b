using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Serving;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Tests.Serving;

/// <summary>A server on a thread and a Unix socket of its own, attached to a program that ran before.</summary>
internal sealed class ServedProgram : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("haltpoint-served-");
    private readonly TaskCompletionSource<ServerLoop> _loop = new();
    private readonly PipedProgram _program;
    private readonly Thread _thread;

    /// <param name="program">Its name among tests/Tracees.</param>
    /// <param name="addresses">How many it tells of at its beginning.</param>
    /// <exception cref="InvalidOperationException">It cannot be debugged here.</exception>
    public ServedProgram(string program, int addresses)
    {
        _program = new PipedProgram(TraceeBuilder.Build(program));
        Addresses = [.. Enumerable.Range(0, addresses).Select(_ => _program.ReadAddress())];
        Socket = Path.Combine(_directory.FullName, "gdb");
        _thread = new Thread(() => Serve(_program.Id)) { IsBackground = true };
        _thread.Start();
        _loop.Task.GetAwaiter().GetResult();
    }

    public IReadOnlyList<ulong> Addresses { get; }

    /// <summary>Where it waits for a client.</summary>
    public string Socket { get; }

    /// <summary>Ends both.</summary>
    public void Dispose()
    {
        // Before the server, which waits for children of its own process after a detach.
        _program.Dispose();
        _loop.Task.Result.RequestShutdown();
        _thread.Join();
        _directory.Delete(recursive: true);
    }

    // Everything of the session is of this one thread.
    private void Serve(int process)
    {
        try
        {
            using PtraceSession session = new() { Server = new ServerSettings { IsOnce = true } };
            using PacketLog packets = new(session.Server.Log, null);
            using ServerLoop loop = new(session, new ServerConsole(), packets);
            TargetStatus status = session.Attach(process);
            if (status != TargetStatus.Ok || !ListenAddress.TryParse($"unix:{Socket}", out ListenAddress? address, out string error))
            {
                throw new InvalidOperationException($"{status}: {session.LastError}");
            }

            using Listener listener = Listener.Open(address!, opensToAll: false);
            _loop.SetResult(loop);
            loop.Serve(listener);
        }
        catch (Exception e) when (_loop.TrySetException(e))
        {
            // Whoever waits for the server has it.
        }
    }
}
