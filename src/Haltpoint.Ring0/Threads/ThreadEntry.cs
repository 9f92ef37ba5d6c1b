using System.Runtime;
using System.Runtime.CompilerServices;

namespace Haltpoint.Ring0.Threads;

/// <summary>The assembly that every thread begins in.</summary>
internal static class ThreadEntry
{
    [RuntimeImport("*", "thread_entry_address")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong Address();
}
