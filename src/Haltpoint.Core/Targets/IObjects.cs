using System;

namespace Haltpoint.Targets;

/// <summary>What <c>qXfer</c> transfers.</summary>
public enum ObjectKind : byte
{
    /// <summary>Target description; the annex is a file name, "target.xml" first.</summary>
    Features,
    Auxv,
    ExecFile,
    LibrariesSvr4,
    SignalInfo,
    OsData,

    /// <summary>Built by the server from <see cref="IThreads{TSelf}"/>; a target is never asked.</summary>
    Threads,
}

/// <summary>Named pieces of data about a process.</summary>
public interface IObjects<TSelf>
    where TSelf : struct
{
    static virtual bool HasObject(ObjectKind kind) => false;

    /// <summary>Reads a part of the object. A read at offset 0 takes a new picture; later offsets read the same picture.</summary>
    /// <returns>Bytes written, fewer than there is room for only at the end of the object; -1 with <see cref="IErrors{TSelf}.LastError"/> when there is no such object.</returns>
    static virtual int ReadObject(ref TSelf self, ThreadId thread, ObjectKind kind, ReadOnlySpan<byte> annex, ulong offset, Span<byte> into) => -1;

    /// <returns>Bytes taken, or -1.</returns>
    static virtual int WriteObject(ref TSelf self, ThreadId thread, ObjectKind kind, ReadOnlySpan<byte> annex, ulong offset, ReadOnlySpan<byte> bytes) => -1;
}
