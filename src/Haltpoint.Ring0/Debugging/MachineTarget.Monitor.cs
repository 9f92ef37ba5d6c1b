using System;
using Haltpoint.Targets;

namespace Haltpoint.Ring0.Debugging;

internal unsafe partial struct MachineTarget
{
    private static int s_outputLength;
    private static int s_outputAt;
    private static bool s_hasFailed;

    public static bool HasMonitor => true;

    public static TargetStatus RunMonitor(ref MachineTarget self, ThreadId thread, ReadOnlySpan<byte> command)
    {
        s_outputAt = 0;
        s_outputLength = MonitorCommands.Run(command, new Span<byte>(DebugStorage.At->Text, DebugStorage.TextLength), out s_hasFailed);
        return TargetStatus.Ok;
    }

    public static int ReadMonitorOutput(ref MachineTarget self, Span<byte> into)
    {
        int length = Copy(new ReadOnlySpan<byte>(DebugStorage.At->Text + s_outputAt, s_outputLength - s_outputAt), into);
        s_outputAt += length;
        return length == 0 && s_hasFailed ? -1 : length;
    }
}
