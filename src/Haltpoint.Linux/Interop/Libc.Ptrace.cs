using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    private const long PtraceNumber = 101;

    /// <summary>The system call itself: the C library's wrapper returns peeked data as its result, where it looks like an error.</summary>
    /// <remarks>On the thread that attached only. The peek requests store the word at <paramref name="data"/>.</remarks>
    public static long Ptrace(long request, int thread, ulong address, void* data) =>
        SystemCall(PtraceNumber, request, thread, address, data);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long request, long thread, ulong address, void* data);
}
