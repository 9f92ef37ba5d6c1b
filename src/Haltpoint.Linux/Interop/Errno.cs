namespace Haltpoint.Linux.Interop;

/// <summary>Raw error numbers of Linux on x86 (asm-generic/errno*.h) that some caller tells apart.</summary>
internal static class Errno
{
    public const int ESRCH = 3;
    public const int EIO = 5;
    public const int EINVAL = 22;
    public const int ENODEV = 19;
}
