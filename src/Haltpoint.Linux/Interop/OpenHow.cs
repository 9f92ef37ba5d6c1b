using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

/// <summary><c>struct open_how</c> (linux/openat2.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OpenHow
{
    /// <summary>The directory is the root: absolute paths and links, and "..", stay under it.</summary>
    public const ulong ResolveInRoot = 0x10;

    public ulong Flags;
    public ulong Mode;
    public ulong Resolve;
}
