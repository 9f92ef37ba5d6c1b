using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using Haltpoint.Cli.Output;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary><c>--output folded</c>: thread and frames from the outermost on, ';' between them, and how many hits, as flame graphs take it.</summary>
internal sealed class FoldedStacks(TextWriter output) : IHitWriter
{
    private readonly Dictionary<string, long> _counts = [];
    private readonly StringBuilder _key = new();

    public void Write(in WatchHit hit)
    {
        IReadOnlyList<CodeFrame> frames = HitText.Frames(hit);
        _key.Clear().Append(hit.ThreadName.Replace(';', ','));
        for (int i = frames.Count - 1; i >= 0; i--)
        {
            _key.Append(';').Append(AccessText.Frame(frames[i]));
        }

        string key = _key.ToString();
        _counts[key] = _counts.GetValueOrDefault(key) + hit.Count;
    }

    public void Finish(WatchSummary summary)
    {
        string[] stacks = [.. _counts.Keys];
        Array.Sort(stacks, StringComparer.Ordinal);
        foreach (string stack in stacks)
        {
            output.Write(string.Create(CultureInfo.InvariantCulture, $"{stack} {_counts[stack]}\n"));
        }

        output.Flush();
    }
}
