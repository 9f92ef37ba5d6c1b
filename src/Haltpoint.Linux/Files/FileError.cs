using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Files;

/// <summary>Error numbers of the File-I/O protocol (gdb manual, "Errno Values"), negated as <see cref="Targets.IFiles{TSelf}"/> returns them.</summary>
internal static class FileError
{
    public const int NoEntry = -2;
    public const int BadFile = -9;
    public const int Invalid = -22;
    public const int TooManyFiles = -24;
    public const int NameTooLong = -91;
    private const int Unknown = -9999;

    /// <summary>What the last call of the C library failed with.</summary>
    public static int Last() => FromErrno(Marshal.GetLastPInvokeError());

    public static int FromErrno(int error) => error switch
    {
        // Up to 30 the protocol has the numbers of Unix, but not all of them.
        Errno.EPERM or Errno.ENOENT or Errno.EINTR or Errno.EIO or 9 or Errno.EACCES or 14 or 16 or 17 or Errno.ENODEV or 20 or 21
            or Errno.EINVAL or Errno.ENFILE or Errno.EMFILE or 27 or Errno.ENOSPC or 29 or 30 => -error,
        36 => NameTooLong,
        Errno.ENOSYS => -88,
        _ => Unknown,
    };
}
