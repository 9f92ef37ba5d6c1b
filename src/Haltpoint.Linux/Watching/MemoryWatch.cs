using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Watching;

/// <summary>Hears of every access to some memory while nobody is stopped.</summary>
/// <remarks>
/// It is armed when it is returned, on every thread and child that exists, and on each that is started later, before its first instruction.
/// Armed on all of them or on none: otherwise the method throws <see cref="WatchException"/> and nothing was changed.
/// <para>
/// A thread of its own empties the kernel's buffers. Hits are explained on the thread that reads them. If they are read too slowly or not at
/// all the buffers fill up and further hits are lost, but counted: see <see cref="Summary"/>. The watched program is never held up for it.
/// </para>
/// <para>One reader at a time; <see cref="Stop"/> and <see cref="Summary"/> from any thread. Disposing gives the debug registers back.</para>
/// </remarks>
public sealed unsafe partial class MemoryWatch : IDisposable
{
    // Enough for a dozen ordinary frames; what lies deeper is cut.
    private const int StackBytes = 8 * 1024;

    // To find which line of the program called the kernel.
    private const int CallerBytes = 1024;

    private readonly PerfRing[] _rings;
    private readonly WatchEvents _events;
    private readonly RingReader _reader;
    private readonly HitResolver _resolver;
    private readonly List<string> _notes = [];
    private readonly bool _tellsEnds;
    private ManagedNames? _managedNames;
    private bool _disposed;

    private MemoryWatch(WatchLocation location, WatchPlan plan, IReadOnlyList<int> cpus, bool wantsStacks)
    {
        Name = location.Name;
        Address = location.Address;
        Length = (int)location.Length;
        _tellsEnds = plan.Follow;
        _rings = OpenRings(plan, cpus);
        _events = new WatchEvents(plan, _rings);
        _resolver = new HitResolver(plan, wantsStacks, _events.LateThreads);
        _reader = new RingReader(_events, _rings);
    }

    /// <summary>The process it began with, or -1 for the kernel.</summary>
    public int ProcessId { get; private init; } = -1;

    /// <summary>What is watched, as it was named.</summary>
    public string Name { get; }

    /// <summary>The first watched byte.</summary>
    public ulong Address { get; }

    /// <summary>How many bytes.</summary>
    public int Length { get; }

    /// <summary>What will be missing from the hits, one line each that says how to get it.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Hits and losses so far; exact when the watch is over, which is when <see cref="ReadHitsAsync"/> ends or <see cref="Stop"/> returns.</summary>
    public WatchSummary Summary => new(_reader.Hits - _resolver.Duplicates, _reader.Lost);

    /// <summary>Whether the process became another program, in which the address means nothing: known when <see cref="ReadHitsAsync"/> has ended by itself.</summary>
    public bool HasBecomeAnother => _tellsEnds && _reader.HasEndedByItself && !_resolver.HasEnded(ProcessId);

    /// <summary>Hits in the order of time, until the watched program and its children end, or <see cref="Stop"/>.</summary>
    /// <remarks>The watch goes on when the reading is cancelled; another call goes on reading.</remarks>
    public async IAsyncEnumerable<WatchHit> ReadHitsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (IReadOnlyList<WatchHit> batch in ReadBatchesAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (WatchHit hit in batch)
            {
                yield return hit;
            }
        }
    }

    /// <summary>The same, as they come; a batch is good until the next is asked for.</summary>
    internal async IAsyncEnumerable<IReadOnlyList<WatchHit>> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<WatchHit> hits = [];
        while (await _reader.Batches.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            ResolveNext(hits);
            if (hits.Count > 0)
            {
                yield return hits;
            }
        }

        hits.Clear();
        _resolver.Flush(hits, _reader.Return);
        yield return hits;
    }

    /// <summary>Disarms the watch. Hits from before can still be read.</summary>
    public void Stop() => _reader.Stop();

    /// <summary>Disarms the watch and returns the hits that have not been read.</summary>
    public IReadOnlyList<WatchHit> Collect()
    {
        Stop();
        List<WatchHit> all = [];
        List<WatchHit> hits = [];
        while (_reader.Batches.TryPeek(out _))
        {
            ResolveNext(hits);
            all.AddRange(hits);
        }

        hits.Clear();
        _resolver.Flush(hits, _reader.Return);
        all.AddRange(hits);
        return all;
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _reader.Dispose();
        _events.Dispose();
        Array.ForEach(_rings, r => r.Dispose());
        _resolver.Dispose();
        _managedNames?.Dispose();
    }

    private void ResolveNext(List<WatchHit> hits)
    {
        hits.Clear();
        if (_reader.Batches.TryRead(out RingBatch? batch))
        {
            _resolver.Resolve(batch, hits, _reader.Return);
        }
    }

    private static PerfRing[] OpenRings(WatchPlan plan, IReadOnlyList<int> cpus)
    {
        List<PerfRing> rings = [];
        foreach (int cpu in cpus)
        {
            PerfStatus status = PerfRing.TryOpen(cpu, plan.CreateAttr(0), plan.RingPages, out PerfRing? ring);
            if (ring is null)
            {
                rings.ForEach(r => r.Dispose());
                throw WatchRefusals.Explain(new PerfRefusal(status, -1, cpu, 0), -1, 0);
            }

            rings.Add(ring);
        }

        return [.. rings];
    }
}
