using System;
using Haltpoint.Linux.Procfs;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IThreads.
public readonly partial struct LinuxTarget
{
    public static bool TryNextThread(ref LinuxTarget self, ref ThreadId cursor) => self._session.TryNextThread(ref cursor);

    public static bool IsAlive(ref LinuxTarget self, ThreadId thread) => self._session.Find(thread) is not null;

    public static int ReadThreadName(ref LinuxTarget self, ThreadId thread, Span<byte> into)
    {
        int length = ProcFile.ReadOfThread(thread.Process, thread.Thread, "comm", into);
        return length > 0 && into[length - 1] == '\n' ? length - 1 : length;
    }

    public static int LastCpu(ref LinuxTarget self, ThreadId thread) => ThreadStat.ReadLastCpu(thread.Thread);
}
