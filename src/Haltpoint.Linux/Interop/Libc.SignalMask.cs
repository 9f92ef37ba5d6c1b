using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    public const int SetMask = 2;

    /// <summary>Returns the error itself. A set is one bit per signal, bit 0 for signal 1.</summary>
    [LibraryImport(Library, EntryPoint = "pthread_sigmask")]
    public static partial int SignalMask(int how, ulong* set, ulong* old);
}
