using System;
using System.Buffers.Text;

namespace Haltpoint.Linux.Procfs;

/// <summary>/proc/PID/task/TID/stat and its neighbours (proc(5)).</summary>
internal static class ThreadStat
{
    private const int LastCpuField = 39;

    /// <summary>R, S, D, T, t, Z, X and so on; a zero when there is no such thread.</summary>
    public static char ReadState(int thread)
    {
        Span<byte> text = stackalloc byte[512];
        int length = ProcFile.ReadOfThread(thread, "stat", text);

        // The name is in parentheses and may contain anything, parentheses too.
        int end = text[..length].LastIndexOf((byte)')');
        return end >= 0 && end + 2 < length ? (char)text[end + 2] : '\0';
    }

    /// <summary>Whether it waits inside a system call (/proc/TID/syscall: "running", or the number, -1 for a wait elsewhere).</summary>
    public static bool IsInSystemCall(int thread)
    {
        Span<byte> text = stackalloc byte[256];
        int length = ProcFile.Read(thread, "syscall", text);
        return length > 0 && char.IsAsciiDigit((char)text[0]);
    }

    /// <summary>The CPU it last ran on, -1 when there is no such thread.</summary>
    public static int ReadLastCpu(int thread)
    {
        Span<byte> text = stackalloc byte[512];
        return FindLastCpu(text[..ProcFile.ReadOfThread(thread, "stat", text)]);
    }

    /// <returns>-1 when it is not there.</returns>
    internal static int FindLastCpu(ReadOnlySpan<byte> text)
    {
        int end = text.LastIndexOf((byte)')');
        if (end < 0)
        {
            return -1;
        }

        // The name is field 2; a space and field 3 follow it.
        ReadOnlySpan<byte> rest = text[(end + 2)..];
        for (int field = 3; field < LastCpuField; field++)
        {
            rest = rest[(rest.IndexOf((byte)' ') + 1)..];
        }

        return Utf8Parser.TryParse(rest, out int cpu, out _) ? cpu : -1;
    }
}
