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

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint SystemCall(nint number, nint first, nint second);

    /// <summary>Waits for the end of any process.</summary>
    public static void WaitForEndOf(int process)
    {
        const int openPidFd = 434;
        int file = (int)SystemCall(openPidFd, process, 0);
        if (file >= 0)
        {
            // struct pollfd: the descriptor and POLLIN.
            long descriptor = (uint)file | (1L << 32);
            while (Poll(&descriptor, 1, -1) < 0)
            {
            }

            _ = Close(file);
        }
    }

    [LibraryImport(Library, EntryPoint = "poll")]
    public static partial int Poll(void* descriptors, nuint count, int milliseconds);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int file);

    /// <summary>Sends a signal with a value to a process.</summary>
    [LibraryImport(Library, EntryPoint = "sigqueue")]
    public static partial int Queue(int process, int signal, nint value);

    /// <summary>A debug register of a thread that this thread traces, as the kernel gives it.</summary>
    public static long DebugRegister(int thread, int number) => Ptrace(3, thread, 848 + (8 * number), 0);

    /// <summary>DR0 to DR3 and DR7 of a process that nobody traces; it runs on afterwards.</summary>
    public static long[] SeizedDebugRegisters(int process)
    {
        const long seize = 0x4206, interrupt = 0x4207, detach = 17;
        const int wall = 0x40000000;
        _ = Ptrace(seize, process, 0, 0);
        _ = Ptrace(interrupt, process, 0, 0);
        _ = Wait(process, out _, wall);
        long[] registers = [DebugRegister(process, 0), DebugRegister(process, 1), DebugRegister(process, 2), DebugRegister(process, 3), DebugRegister(process, 7)];
        _ = Ptrace(detach, process, 0, 0);
        return registers;
    }
}
