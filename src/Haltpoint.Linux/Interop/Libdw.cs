using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

/// <summary>elfutils' libdw, one subject a file; what a function says is in elfutils/libdwfl.h and elfutils/libdw.h.</summary>
/// <remarks>No two threads at once in one session. Missing on a machine without the package libdw1: see <see cref="IsPresent"/>.</remarks>
internal static unsafe partial class Libdw
{
    private const string Library = "libdw.so.1";

    private static readonly nint s_handle = NativeLibrary.TryLoad(Library, out nint handle) ? handle : 0;

    public static bool IsPresent => s_handle != 0;

    /// <summary>A function of the library to be called by the library itself.</summary>
    public static void* Export(string name) => (void*)NativeLibrary.GetExport(s_handle, name);
}
