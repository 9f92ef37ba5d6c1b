using System;
using System.Text;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

/// <summary>Live Linux processes as a target: a thin view of a <see cref="PtraceSession"/>, one file for each ability.</summary>
public readonly partial struct LinuxTarget(PtraceSession session) : ITarget<LinuxTarget>
{
    private readonly PtraceSession _session = session;

    public static int LastError(ref LinuxTarget self, Span<byte> into) =>
        Encoding.UTF8.TryGetBytes(self._session.LastError, into, out int count) ? count : 0;
}
