using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Ptrace;

namespace Haltpoint.Linux.Serving;

// What becomes of the processes when the server ends: gdbserver's rule, that what it started dies and what it attached to lives.
public sealed unsafe partial class ServerLoop
{
    private void EndProcesses()
    {
        List<TraceeProcess> started = [.. _session.Processes.Where(p => !p.WasAttached)];
        List<TraceeProcess> attached = [.. _session.Processes.Where(p => p.WasAttached)];
        if (started.Count > 0)
        {
            _console.Killing(Ids(started));
        }

        if (attached.Count > 0)
        {
            _console.DetachingAll(Ids(attached));
        }

        foreach (TraceeProcess process in started)
        {
            _session.Kill(process.Id);
        }

        foreach (TraceeProcess process in attached)
        {
            _session.Detach(process.Id);
        }
    }

    /// <summary>Stays until the programs it started have ended, as a shell's job of them should.</summary>
    private void AwaitChildren()
    {
        _session.DismissGuardian();
        foreach (int child in _session.Released)
        {
            // Others may be somebody else's who uses this process.
            int status;
            while (!_isShutdownRequested && Libc.Wait4(child, &status, 0, null) < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
            {
            }
        }
    }

    private static string Ids(List<TraceeProcess> processes) => string.Join(' ', processes.Select(p => p.Id));
}
