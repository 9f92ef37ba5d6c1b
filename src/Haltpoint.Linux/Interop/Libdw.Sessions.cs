using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libdw
{
    /// <summary>Dwfl_Callbacks. It must stay where it is as long as a session uses it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Callbacks
    {
        public void* FindElf;
        public void* FindDebugInfo;
        public void* SectionAddress;
        public byte** DebugInfoPath;
    }

    [LibraryImport(Library, EntryPoint = "dwfl_begin")]
    public static partial void* Begin(Callbacks* callbacks);

    [LibraryImport(Library, EntryPoint = "dwfl_end")]
    public static partial void End(void* session);

    /// <summary>Begins to add modules to those that are there.</summary>
    [LibraryImport(Library, EntryPoint = "dwfl_report_begin_add")]
    public static partial void BeginAdding(void* session);

    [LibraryImport(Library, EntryPoint = "dwfl_report_end")]
    public static partial int EndAdding(void* session, void* removed, void* argument);
}
