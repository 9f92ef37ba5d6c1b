using System;
using System.Buffers.Text;
using System.Text;

namespace Haltpoint.Linux.Procfs;

/// <summary>/proc/PID/status: the lines that attaching asks about (proc(5)).</summary>
internal readonly struct ProcessStatus
{
    private ProcessStatus(ReadOnlySpan<byte> text)
    {
        Exists = !text.IsEmpty;
        State = Value(text, "State:"u8) is { IsEmpty: false } state ? (char)state[0] : '\0';
        Process = Number(text, "Tgid:"u8);
        Parent = Number(text, "PPid:"u8);
        Tracer = Number(text, "TracerPid:"u8);
        User = Number(text, "Uid:"u8);
        Threads = Number(text, "Threads:"u8);

        // A process without memory of its own, and no zombie. (The line "Kthread:" is there from Linux 6.8 on only.)
        IsKernelThread = Exists && State is not ('Z' or 'X') && Value(text, "VmSize:"u8).IsEmpty;
    }

    public bool Exists { get; }

    /// <summary>R, S, D, T, t, Z, X and so on.</summary>
    public char State { get; }

    /// <summary>The process that the thread belongs to.</summary>
    public int Process { get; }

    public int Parent { get; }

    /// <summary>0 when nobody traces it.</summary>
    public int Tracer { get; }

    public int User { get; }

    /// <summary>How many threads the process has, those included that have ended and are waited for.</summary>
    public int Threads { get; }

    public bool IsKernelThread { get; }

    public static ProcessStatus Read(int process)
    {
        Span<byte> text = stackalloc byte[4096];
        return new ProcessStatus(text[..ProcFile.Read(process, "status", text)]);
    }

    /// <summary>The name a process gives itself.</summary>
    public static string Name(int process)
    {
        Span<byte> name = stackalloc byte[64];
        int length = ProcFile.Read(process, "comm", name);
        return Encoding.UTF8.GetString(name[..length].TrimEnd((byte)'\n'));
    }

    /// <summary>Whether it has this number in a PID namespace that it is in.</summary>
    public static bool HasNumber(int thread, int number)
    {
        Span<byte> text = stackalloc byte[4096];
        ReadOnlySpan<byte> numbers = Value(text[..ProcFile.Read(thread, "status", text)], "NSpid:"u8);
        while (Utf8Parser.TryParse(numbers, out int candidate, out int length))
        {
            if (candidate == number)
            {
                return true;
            }

            numbers = numbers[length..].TrimStart((byte)'\t');
        }

        return false;
    }

    /// <summary>Whether its system calls are, or may be, subject to seccomp(2).</summary>
    public static bool IsFiltered(int thread)
    {
        Span<byte> text = stackalloc byte[4096];
        return Value(text[..ProcFile.Read(thread, "status", text)], "Seccomp:"u8) is not [(byte)'0', ..];
    }

    private static int Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key) =>
        Utf8Parser.TryParse(Value(text, key), out int number, out _) ? number : 0;

    /// <summary>What stands behind a key at the beginning of a line; empty when there is none.</summary>
    internal static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            if (line.StartsWith(key))
            {
                return line[key.Length..].TrimStart(" \t"u8);
            }

            text = end < 0 ? default : text[(end + 1)..];
        }

        return default;
    }
}
