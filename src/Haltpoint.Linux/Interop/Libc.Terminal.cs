using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    /// <summary><c>struct termios</c> of the C library.</summary>
    public struct TerminalSettings
    {
        public fixed byte Bytes[60];
    }

    public const int SetNow = 0;

    [LibraryImport(Library, EntryPoint = "tcgetattr", SetLastError = true)]
    public static partial int GetTerminal(int terminal, TerminalSettings* settings);

    [LibraryImport(Library, EntryPoint = "tcsetattr", SetLastError = true)]
    public static partial int SetTerminal(int terminal, int when, TerminalSettings* settings);

    [LibraryImport(Library, EntryPoint = "cfmakeraw")]
    public static partial void MakeRaw(TerminalSettings* settings);
}
