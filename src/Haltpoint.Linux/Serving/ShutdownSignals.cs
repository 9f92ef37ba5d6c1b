using System;
using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Serving;

/// <summary>Makes the signals that end a program end a server the way it should: processes first.</summary>
public sealed class ShutdownSignals : IDisposable
{
    // What a shell reports for a program that a signal ended.
    private const int SignalExitCode = 128;

    private readonly PosixSignalRegistration[] _registrations;
    private readonly ServerLoop _loop;

    public ShutdownSignals(ServerLoop loop)
    {
        _loop = loop;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];
    }

    /// <summary>Exit status for the signal that came; 0 while none has.</summary>
    public int ExitCode { get; private set; }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    // On a thread of the runtime.
    private void OnSignal(PosixSignalContext context)
    {
        // A second one ends the process at once, should the first have found the server unable to end.
        context.Cancel = ExitCode == 0;
        ExitCode = SignalExitCode + context.Signal switch
        {
            PosixSignal.SIGINT => 2,
            PosixSignal.SIGHUP => 1,
            _ => 15,
        };
        _loop.RequestShutdown();
    }
}
