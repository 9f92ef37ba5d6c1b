using System;
using System.Collections.Generic;
using System.IO;

namespace Haltpoint.Linux.Ptrace;

/// <summary>How the next program is started; the server's options set it, and a client in extended mode changes it.</summary>
public sealed class LaunchSettings
{
    private static readonly byte[][] s_ownEnvironment = ReadOwnEnvironment();

    private readonly List<byte[]> _environment = [.. s_ownEnvironment];

    /// <summary>Program and arguments of the last start, for "again".</summary>
    public IReadOnlyList<byte[]> Arguments { get; set; } = [];

    public IReadOnlyList<byte[]> Wrapper { get; set; } = [];

    public byte[] WorkingDirectory { get; set; } = [];

    public bool IsThroughShell { get; set; } = true;

    public bool DisablesRandomization { get; set; } = true;

    public bool SparesStandardStreams { get; set; }

    public bool KeepsProcessGroup { get; set; }

    /// <param name="assignment">NAME=VALUE to set, NAME alone to unset.</param>
    public void SetEnvironment(ReadOnlySpan<byte> assignment)
    {
        int equals = assignment.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equals < 0 ? assignment : assignment[..equals];
        for (int i = _environment.Count - 1; i >= 0; i--)
        {
            ReadOnlySpan<byte> entry = _environment[i];
            if (entry.Length > name.Length && entry[name.Length] == '=' && entry.StartsWith(name))
            {
                _environment.RemoveAt(i);
            }
        }

        if (equals >= 0)
        {
            _environment.Add(assignment.ToArray());
        }
    }

    public void ResetEnvironment()
    {
        _environment.Clear();
        _environment.AddRange(s_ownEnvironment);
    }

    public LaunchRequest ToRequest() => new()
    {
        Arguments = Arguments,
        Environment = [.. _environment],
        Wrapper = Wrapper,
        WorkingDirectory = WorkingDirectory,
        IsThroughShell = IsThroughShell,
        DisablesRandomization = DisablesRandomization,
        SparesStandardStreams = SparesStandardStreams,
        KeepsProcessGroup = KeepsProcessGroup,
    };

    // As the kernel has it: text of .NET would lose what is not UTF-8.
    private static byte[][] ReadOwnEnvironment()
    {
        ReadOnlySpan<byte> all = File.ReadAllBytes("/proc/self/environ");
        List<byte[]> entries = [];
        foreach (Range part in all.Split((byte)0))
        {
            if (!all[part].IsEmpty)
            {
                entries.Add(all[part].ToArray());
            }
        }

        return [.. entries];
    }
}
