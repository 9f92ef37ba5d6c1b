using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    public const int SchedulerOther = 0;
    public const int SchedulerFifo = 1;

    /// <summary>Of a thread, 0 for the calling one; the parameter is its priority alone.</summary>
    [LibraryImport(Library, EntryPoint = "sched_setscheduler", SetLastError = true)]
    public static partial int SetScheduler(int thread, int policy, int* priority);
}
