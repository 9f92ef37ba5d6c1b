using System;
using System.Collections.Generic;
using Haltpoint.Linux.Perf;

namespace Haltpoint.Linux.Watching;

/// <summary>Merges the records of all rings into one sequence by time.</summary>
/// <remarks>A batch holds everything up to a little before it was taken; what is younger waits for the next one.</remarks>
internal sealed class RecordOrder
{
    private readonly List<Entry> _waiting = [];
    private readonly Queue<Held> _held = new();
    private long _sequence;

    /// <summary>Takes the records of a batch.</summary>
    public void Add(RingBatch batch)
    {
        Held held = new() { Batch = batch };
        foreach (RingBatch.Part part in batch.Parts)
        {
            int offset = 0;
            PerfRecords records = new(part.Buffer.AsSpan(0, part.Length));
            while (records.MoveNext())
            {
                _waiting.Add(new Entry(records.Time, _sequence++, records.SampledThread, part.Buffer, offset, records.Size, held));
                held.Waiting++;
                offset += records.Size;
            }
        }

        _held.Enqueue(held);
        _waiting.Sort();
    }

    /// <summary>Gives every record older than <paramref name="time"/> to <paramref name="consumer"/>, the oldest first.</summary>
    public void Take(long time, Consumer consumer)
    {
        int count = 0;
        while (count < _waiting.Count && _waiting[count].Time < time)
        {
            Entry entry = _waiting[count++];
            entry.Held.Waiting--;
            PerfRecords records = new(entry.Buffer.AsSpan(entry.Offset, entry.Size));
            records.MoveNext();
            consumer(records, HasRival(count - 1));
        }

        _waiting.RemoveRange(0, count);
    }

    private bool HasRival(int index)
    {
        Entry entry = _waiting[index];
        for (int next = index + 1; next < _waiting.Count && _waiting[next].Time - entry.Time <= ValueTracker.OrderGuard; next++)
        {
            if (_waiting[next].Thread != entry.Thread && _waiting[next].Thread != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A batch of which every record was taken, for its memory to be given back.</summary>
    public bool TryTakeFinished(out RingBatch batch)
    {
        bool finished = _held.TryPeek(out Held? held) && held.Waiting == 0;
        batch = finished ? _held.Dequeue().Batch : null!;
        return finished;
    }

    /// <param name="record">The record.</param>
    /// <param name="hasRival">Whether another thread's hit follows so soon that it may have come before.</param>
    public delegate void Consumer(PerfRecords record, bool hasRival);

    private sealed class Held
    {
        public required RingBatch Batch { get; init; }

        public int Waiting { get; set; }
    }

    private readonly record struct Entry(long Time, long Sequence, int Thread, byte[] Buffer, int Offset, int Size, Held Held) : IComparable<Entry>
    {
        public int CompareTo(Entry other) => Time != other.Time ? Time.CompareTo(other.Time) : Sequence.CompareTo(other.Sequence);
    }
}
