using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    /// <summary>The beginning of struct stat on x86-64, and room for the rest.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    public struct FileStatus
    {
        public ulong Device;
        public ulong Inode;
    }

    [LibraryImport(Library, EntryPoint = "fstat", SetLastError = true)]
    public static partial int FStat(int file, FileStatus* status);
}
