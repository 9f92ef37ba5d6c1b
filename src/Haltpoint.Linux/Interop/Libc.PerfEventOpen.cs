using System.Runtime.InteropServices;
using Haltpoint.Linux.Perf;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    private const nint PerfEventOpenNumber = 298;

    /// <summary>perf_event_open(2), which the C library does not wrap.</summary>
    /// <returns>A descriptor or -1.</returns>
    public static int PerfEventOpen(PerfEventAttr* attr, int thread, int cpu, int groupFd, nint flags) =>
        (int)PerfEventOpen(PerfEventOpenNumber, attr, thread, cpu, groupFd, flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint PerfEventOpen(nint number, PerfEventAttr* attr, nint thread, nint cpu, nint groupFd, nint flags);
}
