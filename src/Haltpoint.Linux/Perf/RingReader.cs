using System;
using System.Buffers;
using System.Diagnostics;
using System.Threading;
using System.Threading.Channels;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Perf;

/// <summary>Empties the rings of a watch from a thread of its own, so that whoever explains the hits may take his time.</summary>
/// <remarks>
/// The thread only copies. When the reader of <see cref="Batches"/> falls behind by <see cref="Limit"/> bytes it stops copying; then
/// the kernel finds the rings full and counts what it drops. It ends when the watched threads have ended or <see cref="Stop"/> is called,
/// and leaves the last batch behind. Then <see cref="Hits"/> and <see cref="Lost"/> are exact.
/// </remarks>
internal sealed unsafe class RingReader : IDisposable
{
    private const long Limit = 256L * 1024 * 1024;
    private const int PollMilliseconds = 20;
    private const int RoundsPerEndCheck = 5;

    private readonly WatchEvents _events;
    private readonly PerfRing[] _rings;
    private readonly Channel<RingBatch> _batches = Channel.CreateUnbounded<RingBatch>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Thread _thread;
    private long _waiting;
    private long _hits;
    private long _lost;
    private volatile bool _stop;

    public RingReader(WatchEvents events, PerfRing[] rings)
    {
        _events = events;
        _rings = rings;
        _thread = new Thread(Run) { IsBackground = true, Name = "haltpoint ring" };
    }

    /// <summary>Completed when the watch is over. Every batch read must be given to <see cref="Return"/>.</summary>
    public ChannelReader<RingBatch> Batches => _batches.Reader;

    /// <summary>Samples copied so far.</summary>
    public long Hits => Volatile.Read(ref _hits);

    /// <summary>Hits without a sample: while it runs, as far as the kernel has said; at the end the difference between its counters and the samples.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Whether it ended because nobody is watched any more.</summary>
    public bool HasEndedByItself { get; private set; }

    public void Start() => _thread.Start();

    /// <summary>Disarms the watch and returns when the last record is copied.</summary>
    public void Stop()
    {
        _stop = true;
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    public void Return(RingBatch batch)
    {
        Interlocked.Add(ref _waiting, -batch.Bytes);
        batch.Release();
    }

    public void Dispose()
    {
        Stop();
        while (_batches.Reader.TryRead(out RingBatch? batch))
        {
            Return(batch);
        }
    }

    private void Run()
    {
        long previous = 0;
        for (int round = 1; !_stop; round++)
        {
            long now = Clock();
            if (Interlocked.Read(ref _waiting) < Limit)
            {
                Drain(previous);
                previous = now;
            }

            if (round % RoundsPerEndCheck == 0 && _events.HaveEnded())
            {
                HasEndedByItself = true;
                break;
            }

            Wait();
        }

        _events.Disable();
        Drain(previous);
        // The counters stand still and the rings are empty, so what was counted and not copied is what was lost.
        Volatile.Write(ref _lost, (long)_events.ReadCount() - _hits);
        _batches.Writer.Complete();
    }

    private void Drain(long since)
    {
        RingBatch batch = new(since);
        foreach (PerfRing ring in _rings)
        {
            int available = ring.Available;
            if (available > 0)
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(available);
                int length = ring.Drain(buffer.AsSpan(0, available));
                Count(buffer.AsSpan(0, length));
                batch.Add(ring.Cpu, buffer, length);
            }
        }

        Interlocked.Add(ref _waiting, batch.Bytes);
        // An empty batch counts, too: it says that time has passed, so that held-back records may go.
        _batches.Writer.TryWrite(batch);
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        long hits = 0;
        PerfRecords records = new(bytes);
        while (records.MoveNext())
        {
            if (records.Type == PerfRecordType.Sample)
            {
                hits++;
            }
            else if (records.Type == PerfRecordType.Lost)
            {
                Interlocked.Add(ref _lost, records.LostCount);
            }
        }

        Interlocked.Add(ref _hits, hits);
    }

    private void Wait()
    {
        Libc.PollFd* waits = stackalloc Libc.PollFd[_rings.Length];
        for (int i = 0; i < _rings.Length; i++)
        {
            waits[i] = new Libc.PollFd { Fd = _rings[i].Owner.Fd, Events = Libc.PollIn };
        }

        _ = Libc.Poll(waits, (nuint)_rings.Length, PollMilliseconds);
    }

    private static long Clock() => Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency);
}
