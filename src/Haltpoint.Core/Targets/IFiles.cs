using System;

namespace Haltpoint.Targets;

/// <summary>The target's file system, for <c>vFile</c>. Results are 0 or more, or the negated errno of the operation (File-I/O numbers, gdb manual "Errno Values").</summary>
public interface IFiles<TSelf>
    where TSelf : struct
{
    /// <summary>Bytes of the <c>struct stat</c> that the protocol defines (gdb manual, "struct stat").</summary>
    const int StatLength = 64;

    static virtual bool HasFiles => false;

    /// <summary>Chooses whose view of the file system: a process, or 0 for the server's own.</summary>
    static virtual int SetFileSystem(ref TSelf self, int process) => -88;

    static virtual int OpenFile(ref TSelf self, ReadOnlySpan<byte> path, int flags, int mode) => -88;

    static virtual int CloseFile(ref TSelf self, int file) => -88;

    static virtual int ReadFile(ref TSelf self, int file, ulong offset, Span<byte> into) => -88;

    static virtual int WriteFile(ref TSelf self, int file, ulong offset, ReadOnlySpan<byte> bytes) => -88;

    /// <summary>Writes the protocol's stat structure, big endian.</summary>
    static virtual int StatFile(ref TSelf self, int file, Span<byte> into) => -88;

    /// <summary>As <see cref="StatFile"/>, by path (<c>vFile:stat</c>, gdb 15).</summary>
    static virtual int StatPath(ref TSelf self, ReadOnlySpan<byte> path, Span<byte> into) => -88;

    static virtual int UnlinkFile(ref TSelf self, ReadOnlySpan<byte> path) => -88;

    static virtual int ReadLink(ref TSelf self, ReadOnlySpan<byte> path, Span<byte> into) => -88;
}
