using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary>What the tables show: hits by source line, the last hits, and how the value went.</summary>
/// <remarks>One thread adds while another looks: each takes the lock.</remarks>
internal sealed class HitTotals
{
    /// <summary>How many of the last hits are kept.</summary>
    public const int LastShown = 20;

    private const int HistoryLength = 120;

    private readonly Dictionary<(string Function, string? File, int Line, bool IsKernel), Writer> _writers = [];
    private readonly Queue<WatchHit> _last = new();
    private readonly Queue<ulong> _history = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _rateFrom;
    private double _rateSince;

    public object Lock { get; } = new();

    /// <summary>Hits, folded ones as one.</summary>
    public long Hits { get; private set; }

    public TimeSpan Elapsed => _clock.Elapsed;

    public long FirstTime { get; private set; }

    public IEnumerable<WatchHit> Last => _last;

    /// <summary>The values of the last hits, for hits whose value is known.</summary>
    public IEnumerable<ulong> History => _history;

    public void Add(in WatchHit hit)
    {
        lock (Lock)
        {
            FirstTime = Hits == 0 ? hit.Time : FirstTime;
            Hits++;
            (string, string?, int, bool) key = (hit.Location.Name, hit.Location.File, hit.Location.Line, hit.IsKernel);
            if (!_writers.TryGetValue(key, out Writer? writer))
            {
                writer = new Writer(hit.Location, hit.IsKernel);
                _writers.Add(key, writer);
            }

            writer.Add(hit);
            Keep(_last, hit, LastShown);
            if (hit.Value is { } value)
            {
                Keep(_history, value, HistoryLength);
            }
        }
    }

    /// <summary>The lines with most hits first.</summary>
    public List<Writer> TopWriters(int count) => [.. _writers.Values.OrderByDescending(w => w.Hits).Take(count)];

    public int WriterCount => _writers.Count;

    /// <summary>Hits per second since it was asked last.</summary>
    public double TakeRate()
    {
        double now = _clock.Elapsed.TotalSeconds;
        double rate = (Hits - _rateFrom) / Math.Max(now - _rateSince, 0.001);
        (_rateFrom, _rateSince) = (Hits, now);
        return rate;
    }

    private static void Keep<T>(Queue<T> queue, T item, int limit)
    {
        queue.Enqueue(item);
        if (queue.Count > limit)
        {
            queue.Dequeue();
        }
    }

    /// <summary>The hits of one source line.</summary>
    public sealed class Writer(CodeFrame place, bool isKernel)
    {
        private readonly Dictionary<int, string> _threads = [];
        private readonly Dictionary<IReadOnlyList<CodeFrame>, long> _stacks = [];

        public CodeFrame Place => place;

        public bool IsKernel => isKernel;

        public long Hits { get; private set; }

        public WatchHit LastHit { get; private set; }

        public IReadOnlyDictionary<int, string> Threads => _threads;

        /// <summary>The stack most of its hits had, and how many; null when none were taken.</summary>
        public (IReadOnlyList<CodeFrame> Frames, long Hits)? CommonStack =>
            _stacks.Count == 0 ? null : _stacks.MaxBy(s => s.Value) is { } common ? (common.Key, common.Value) : null;

        public void Add(in WatchHit hit)
        {
            Hits++;
            LastHit = hit;
            _threads[hit.ThreadId] = hit.ThreadName;
            if (hit.Stack.Count > 0)
            {
                // Equal stacks are the same list: they are unwound once.
                _stacks[hit.Stack] = _stacks.GetValueOrDefault(hit.Stack) + 1;
            }
        }
    }
}
