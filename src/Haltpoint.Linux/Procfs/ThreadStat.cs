using System;
using System.Text;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Procfs;

/// <summary>/proc/TID/stat (proc(5)).</summary>
internal static unsafe class ThreadStat
{
    /// <summary>R, S, D, T, t, Z, X and so on; a zero when there is no such thread.</summary>
    public static char ReadState(int thread)
    {
        Span<byte> text = stackalloc byte[512];
        int length = ProcFile.Read($"/proc/{thread}/stat", text);

        // The name is in parentheses and may contain anything, parentheses too.
        int end = text[..length].LastIndexOf((byte)')');
        return end >= 0 && end + 2 < length ? (char)text[end + 2] : '\0';
    }
}
