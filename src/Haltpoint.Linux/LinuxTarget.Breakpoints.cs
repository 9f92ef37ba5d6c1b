using System;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IBreakpoints.
public readonly partial struct LinuxTarget
{
    // x86 has no watch for reads alone; told so, gdb uses an access watch and drops the hits at which the value changed.
    public static bool CanInsert(BreakpointKind kind) => kind != BreakpointKind.ReadWatch;

    public static TargetStatus Insert(
        ref LinuxTarget self, ThreadId thread, BreakpointKind kind, ulong address, int length,
        ReadOnlySpan<byte> conditions, ReadOnlySpan<byte> commands, bool persist) =>
        self._session.ProcessOf(thread) is { } process
            ? self._session.Insert(process, kind, address, length, new BreakpointActions(conditions.ToArray(), commands.ToArray(), persist))
            : TargetStatus.NoSuchProcess;

    public static void SetDropsUnchangedWrites(ref LinuxTarget self, bool on) => self._session.SetDropsUnchangedWrites(on);

    public static TargetStatus Remove(ref LinuxTarget self, ThreadId thread, BreakpointKind kind, ulong address, int length) =>
        self._session.ProcessOf(thread) is { } process
            ? self._session.Remove(process, kind, address, length)
            : TargetStatus.NoSuchProcess;
}
