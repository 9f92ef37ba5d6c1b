using System;
using System.IO;

namespace Haltpoint.Linux.Tests.Tracees;

/// <summary>The lines of a tracee's source that are marked "line: NAME".</summary>
internal sealed class SourceLines(string file)
{
    private readonly string[] _lines = File.ReadAllLines(TraceeBuilder.SourceOf(file));

    public int Of(string mark) => Array.FindIndex(_lines, l => l.Contains($"line: {mark} ", StringComparison.Ordinal)) + 1;
}
