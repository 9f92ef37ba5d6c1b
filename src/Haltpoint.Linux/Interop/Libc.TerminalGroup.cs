using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    [LibraryImport(Library, EntryPoint = "tcgetpgrp", SetLastError = true)]
    public static partial int GetTerminalGroup(int terminal);

    [LibraryImport(Library, EntryPoint = "tcsetpgrp", SetLastError = true)]
    public static partial int SetTerminalGroup(int terminal, int group);

    [LibraryImport(Library, EntryPoint = "getpgrp")]
    public static partial int GetProcessGroup();
}
