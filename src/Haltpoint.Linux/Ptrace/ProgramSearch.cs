using System;
using System.Collections.Generic;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Where a program named on a command line is.</summary>
internal static unsafe class ProgramSearch
{
    private const int Executable = 1;

    /// <summary>A file of this name in the current directory goes before PATH, as gdbserver has it: prefixes the directory then.</summary>
    public static byte[] InDirectory(byte[] program)
    {
        if (Array.IndexOf(program, (byte)'/') >= 0 || !IsExecutable(program))
        {
            return program;
        }

        return [.. System.Text.Encoding.UTF8.GetBytes(Environment.CurrentDirectory), (byte)'/', .. program];
    }

    /// <summary>As execvp does it: a name without a slash is looked for along PATH; one that is nowhere is left as it is.</summary>
    public static byte[] Resolve(byte[] program, IReadOnlyList<byte[]> environment)
    {
        if (Array.IndexOf(program, (byte)'/') >= 0)
        {
            return program;
        }

        ReadOnlySpan<byte> path = Variable(environment, "PATH"u8) ?? "/bin:/usr/bin"u8.ToArray();
        foreach (Range part in path.Split((byte)':'))
        {
            ReadOnlySpan<byte> directory = path[part];
            byte[] candidate = directory.IsEmpty ? program : [.. directory, (byte)'/', .. program];
            if (IsExecutable(candidate))
            {
                return candidate;
            }
        }

        return program;
    }

    public static byte[]? Variable(IReadOnlyList<byte[]> environment, ReadOnlySpan<byte> name)
    {
        foreach (byte[] entry in environment)
        {
            if (entry.Length > name.Length && entry[name.Length] == '=' && entry.AsSpan().StartsWith(name))
            {
                return entry[(name.Length + 1)..];
            }
        }

        return null;
    }

    private static bool IsExecutable(byte[] path)
    {
        byte[] text = [.. path, 0];
        fixed (byte* start = text)
        {
            return Libc.Access(start, Executable) == 0 && !System.IO.Directory.Exists(System.Text.Encoding.UTF8.GetString(path));
        }
    }
}
