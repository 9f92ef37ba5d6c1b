using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Tests.Tracees;

/// <summary>What the tests call themselves, so that a fault in the product's imports cannot hide in both.</summary>
internal static unsafe partial class TestLibc
{
    private const string Library = "libc.so.6";

    [LibraryImport(Library, EntryPoint = "posix_spawnp", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Spawn(out int process, string file, nint actions, nint attributes, byte** arguments, byte** environment);

    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int Wait(int process, out int status, int options);

    [LibraryImport(Library, EntryPoint = "kill")]
    public static partial int Kill(int process, int signal);

    [LibraryImport(Library, EntryPoint = "ptrace", SetLastError = true)]
    public static partial long Ptrace(long request, long process, nint address, nint data);

    [LibraryImport(Library, EntryPoint = "pipe")]
    public static partial int Pipe(int* pair);

    [LibraryImport(Library, EntryPoint = "read")]
    public static partial nint Read(int file, void* into, nuint length);

    [LibraryImport(Library, EntryPoint = "write")]
    public static partial nint Write(int file, void* from, nuint length);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint PerfEventOpen(nint number, void* attributes, nint thread, nint cpu, nint group, nint flags);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int file);

    /// <summary>Sends a signal with a value to a process.</summary>
    [LibraryImport(Library, EntryPoint = "sigqueue")]
    public static partial int Queue(int process, int signal, nint value);
}
