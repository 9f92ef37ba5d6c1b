using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

/// <summary><c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public void* Start;
    public nuint Length;
}
