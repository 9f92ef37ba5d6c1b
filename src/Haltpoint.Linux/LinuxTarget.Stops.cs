using System;
using System.IO;
using System.Text;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IStops.
public readonly partial struct LinuxTarget
{
    public static bool TryTakeStop(ref LinuxTarget self, out StopEvent stop)
    {
        if (!self._session.TryTakeStop(out stop))
        {
            return false;
        }

        self._session.Server.Statistics.Stops++;
        self._session.Server.Log.Stop(in stop);
        if (stop.Kind == StopKind.ProcessExited)
        {
            self._session.Server.Console?.ProgramExited(stop.Code);
        }
        else if (stop.Kind == StopKind.ProcessKilled)
        {
            self._session.Server.Console?.ProgramKilled(stop.Signal);
        }

        return true;
    }

    public static bool TryGetStop(ref LinuxTarget self, ThreadId thread, out StopEvent stop)
    {
        stop = default;
        return self._session.Find(thread) is { } tracee && PtraceSession.TryGetStop(tracee, out stop);
    }

    public static int ReadExecPath(ref LinuxTarget self, ThreadId thread, Span<byte> into) =>
        File.ResolveLinkTarget($"/proc/{thread.Process}/exe", returnFinalTarget: false) is { } file
        && Encoding.UTF8.TryGetBytes(file.FullName, into, out int length) ? length : 0;
}
