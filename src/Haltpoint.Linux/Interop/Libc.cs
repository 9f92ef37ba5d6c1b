namespace Haltpoint.Linux.Interop;

/// <summary>The C library's calls, one per file. A result of -1 leaves the error in Marshal.GetLastPInvokeError.</summary>
internal static partial class Libc
{
    private const string Library = "libc.so.6";
}
