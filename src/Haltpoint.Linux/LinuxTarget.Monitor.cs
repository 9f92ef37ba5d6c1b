using System;
using System.Text;
using Haltpoint.Linux.Serving;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IMonitor.
public readonly partial struct LinuxTarget
{
    public static bool HasMonitor => true;

    public static TargetStatus RunMonitor(ref LinuxTarget self, ThreadId thread, ReadOnlySpan<byte> command)
    {
        bool isKnown = new MonitorCommands(self._session, thread).TryRun(Encoding.UTF8.GetString(command), out string text);
        self._session.Server.MonitorOutput.Set(text, isFailure: !isKnown);
        return TargetStatus.Ok;
    }

    public static int ReadMonitorOutput(ref LinuxTarget self, Span<byte> into)
    {
        MonitorOutput output = self._session.Server.MonitorOutput;
        int length = output.Take(into);
        return length == 0 && output.IsFailure ? -1 : length;
    }
}
