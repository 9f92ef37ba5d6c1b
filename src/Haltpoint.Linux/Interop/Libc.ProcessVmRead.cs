using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    [LibraryImport(Library, EntryPoint = "process_vm_readv", SetLastError = true)]
    public static partial nint ProcessVmRead(int process, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);
}
