using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Serving;

/// <summary>The C library's words for an error number.</summary>
internal static class SystemError
{
    /// <summary>For the call just made on this thread.</summary>
    public static string Last() => Text(Marshal.GetLastPInvokeError());

    public static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);
}
