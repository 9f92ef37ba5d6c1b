using System;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IMemory.
public readonly partial struct LinuxTarget
{
    public static int ReadMemory(ref LinuxTarget self, ThreadId thread, ulong address, Span<byte> into) =>
        self._session.ProcessOf(thread) is { } process ? process.Space.Read(address, into) : 0;

    public static TargetStatus WriteMemory(ref LinuxTarget self, ThreadId thread, ulong address, ReadOnlySpan<byte> bytes) =>
        self._session.ProcessOf(thread) is { } process ? process.Space.Write(address, bytes) : TargetStatus.NoSuchProcess;
}
