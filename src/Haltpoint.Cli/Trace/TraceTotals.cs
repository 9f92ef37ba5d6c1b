using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Tracing;

namespace Haltpoint.Cli.Trace;

/// <summary>What the tables show: accesses by mapping, by offset and by source line, and the last ones.</summary>
/// <remarks>One thread adds while another looks: each takes the lock.</remarks>
internal sealed class TraceTotals
{
    /// <summary>How many of the last accesses are kept.</summary>
    public const int LastShown = 20;

    // A program that walks over gigabytes touches more places than anybody wants counted one by one.
    private const int MostOffsets = 1 << 20;

    private readonly Dictionary<int, Tally> _mappings = [];
    private readonly Dictionary<(int Mapping, ulong Offset), OffsetTally> _offsets = [];
    private readonly Dictionary<(string Function, string? File, int Line, string? SystemCall), SiteTally> _sites = [];
    private readonly Queue<TracedAccess> _last = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _rateFrom;
    private double _rateSince;

    public Lock Lock { get; } = new();

    public Tally All { get; } = new();

    public TimeSpan Elapsed => _clock.Elapsed;

    public long FirstTime { get; private set; }

    public IEnumerable<TracedAccess> Last => _last;

    public int SiteCount => _sites.Count;

    public int OffsetCount => _offsets.Count;

    /// <summary>Every mapping that was accessed.</summary>
    public IEnumerable<Tally> Mappings => _mappings.Values.OrderBy(m => m.Last.Mapping.Id);

    public void Add(in TracedAccess access)
    {
        lock (Lock)
        {
            FirstTime = All.Count == 0 ? access.Time : FirstTime;
            All.Add(access);
            Of(_mappings, access.Mapping.Id).Add(access);
            (int, ulong) place = (access.Mapping.Id, access.Offset);
            if (_offsets.Count < MostOffsets || _offsets.ContainsKey(place))
            {
                Of(_offsets, place).Add(access);
            }

            Of(_sites, (access.Location.Name, access.Location.File, access.Location.Line, access.SystemCall)).Add(access);
            _last.Enqueue(access);
            if (_last.Count > LastShown)
            {
                _last.Dequeue();
            }
        }
    }

    /// <summary>Those with most accesses first.</summary>
    public List<OffsetTally> HottestOffsets(int count) => Top(_offsets.Values, count);

    /// <summary>Those with most accesses first.</summary>
    public List<SiteTally> TopSites(int count) => Top(_sites.Values, count);

    /// <summary>Accesses per second since it was asked last.</summary>
    public double TakeRate()
    {
        double now = _clock.Elapsed.TotalSeconds;
        double rate = (All.Count - _rateFrom) / Math.Max(now - _rateSince, 0.001);
        (_rateFrom, _rateSince) = (All.Count, now);
        return rate;
    }

    // There may be a million, and the live view asks several times a second.
    private static List<TTally> Top<TTally>(IEnumerable<TTally> all, int count)
        where TTally : Tally
    {
        PriorityQueue<TTally, long> best = new();
        foreach (TTally tally in all)
        {
            if (best.Count < count)
            {
                best.Enqueue(tally, tally.Count);
            }
            else
            {
                best.EnqueueDequeue(tally, tally.Count);
            }
        }

        return [.. best.UnorderedItems.Select(i => i.Element).OrderByDescending(t => t.Count).ThenBy(t => t.Last.Address)];
    }

    private static TTally Of<TKey, TTally>(Dictionary<TKey, TTally> all, TKey key)
        where TKey : notnull
        where TTally : new()
    {
        if (!all.TryGetValue(key, out TTally? tally))
        {
            tally = new TTally();
            all.Add(key, tally);
        }

        return tally;
    }

    /// <summary>Accesses that have something in common.</summary>
    public class Tally
    {
        /// <summary>One that reads and writes counts once.</summary>
        public long Count { get; private set; }

        public long Reads { get; private set; }

        public long Writes { get; private set; }

        public TracedAccess Last { get; private set; }

        public virtual void Add(in TracedAccess access)
        {
            Count++;
            Reads += (access.Access & AccessKind.Read) != 0 ? 1 : 0;
            Writes += (access.Access & AccessKind.Write) != 0 ? 1 : 0;
            Last = access;
        }
    }

    /// <summary>Accesses that begin at one offset of a mapping.</summary>
    public sealed class OffsetTally : Tally;

    /// <summary>Accesses by one source line.</summary>
    public sealed class SiteTally : Tally
    {
        private readonly Dictionary<int, string> _threads = [];
        private readonly Dictionary<IReadOnlyList<CodeFrame>, long> _stacks = [];

        public IReadOnlyDictionary<int, string> Threads => _threads;

        /// <summary>The stack most of its accesses had, and how many; null when none were taken.</summary>
        public (IReadOnlyList<CodeFrame> Frames, long Count)? CommonStack =>
            _stacks.Count == 0 ? null : _stacks.MaxBy(s => s.Value) is { } common ? (common.Key, common.Value) : null;

        public override void Add(in TracedAccess access)
        {
            base.Add(access);
            _threads[access.ThreadId] = access.ThreadName;
            if (access.Stack.Count > 0)
            {
                // Equal stacks are the same list: they are unwound once.
                _stacks[access.Stack] = _stacks.GetValueOrDefault(access.Stack) + 1;
            }
        }
    }
}
