using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Ptrace;

/// <summary><c>struct ptrace_peeksiginfo_args</c>: the thread's own queue when the flags are 0.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PeekSignals
{
    public ulong Offset;
    public uint Flags;
    public int Count;
}
