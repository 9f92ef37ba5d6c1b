using System;
using System.Collections.Generic;

namespace Haltpoint.Linux.Ptrace;

/// <summary>A program to start. Texts are bytes without a zero at the end, as the kernel takes them: a path need not be UTF-8.</summary>
public sealed class LaunchRequest
{
    /// <summary>The program and its arguments.</summary>
    public required IReadOnlyList<byte[]> Arguments { get; init; }

    /// <summary>NAME=VALUE each.</summary>
    public required IReadOnlyList<byte[]> Environment { get; init; }

    /// <summary>Empty: the server's own.</summary>
    public byte[] WorkingDirectory { get; init; } = [];

    /// <summary>A program and arguments that will execute the program; empty for none.</summary>
    public IReadOnlyList<byte[]> Wrapper { get; init; } = [];

    /// <summary>Start through <c>$SHELL -c exec</c>.</summary>
    public bool IsThroughShell { get; init; } = true;

    public bool DisablesRandomization { get; init; } = true;

    /// <summary>Stays in the server's process group, so that keys on a terminal reach both.</summary>
    public bool KeepsProcessGroup { get; init; }

    /// <summary>The server's standard input and output carry the protocol: the program reads nothing and writes to standard error.</summary>
    public bool SparesStandardStreams { get; init; }
}
