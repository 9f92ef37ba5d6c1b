using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    public const int LevelSocket = 1;
    public const int LevelTcp = 6;
    public const int ReuseAddress = 2;
    public const int KeepAlive = 9;
    public const int TcpNoDelay = 1;

    public static int SetSocketOption(int socket, int level, int option, int value) =>
        SetSocketOption(socket, level, option, &value, sizeof(int));

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetSocketOption(int socket, int level, int option, void* value, uint length);
}
