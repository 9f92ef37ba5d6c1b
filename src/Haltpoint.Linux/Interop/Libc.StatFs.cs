using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    /// <summary>PROC_SUPER_MAGIC.</summary>
    public const long ProcFileSystem = 0x9FA0;

    /// <summary>The beginning of struct statfs on x86-64, and room for the rest.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 120)]
    public struct FileSystem
    {
        public long Kind;
    }

    [LibraryImport(Library, EntryPoint = "statfs", SetLastError = true)]
    public static partial int StatFs(byte* path, FileSystem* into);
}
