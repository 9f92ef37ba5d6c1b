using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    /// <summary>PR_SET_PTRACER (prctl(2)): who besides root may trace this process where Yama restricts it.</summary>
    public const int SetPtracer = 0x59616d61;

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int option, ulong argument, ulong third, ulong fourth, ulong fifth);
}
