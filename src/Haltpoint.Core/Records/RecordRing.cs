using System.Threading;

namespace Haltpoint.Records;

/// <summary>Records on their way from one writer to one reader, who need not wait for each other; what finds no room is counted.</summary>
/// <remarks>
/// One CPU writes, never interrupted by a second writer of the same ring; one thread reads. The memory is the caller's, fixed in
/// place, and so is the ring itself.
/// </remarks>
public unsafe struct RecordRing
{
    private readonly TraceRecord* _records;
    private readonly uint _mask;
    private int _written;
    private int _read;
    private int _lost;
    private int _lostTold;

    /// <param name="records">Room for <paramref name="capacity"/> records.</param>
    /// <param name="capacity">A power of two.</param>
    public RecordRing(TraceRecord* records, uint capacity)
    {
        _records = records;
        _mask = capacity - 1;
    }

    /// <summary>Records that wait. Of either side.</summary>
    public int Count => Volatile.Read(ref _written) - Volatile.Read(ref _read);

    /// <summary>Of the writer.</summary>
    /// <returns>False when there is no room; the record is then counted as lost.</returns>
    public bool TryAdd(in TraceRecord record)
    {
        if (Count > (int)_mask)
        {
            Volatile.Write(ref _lost, _lost + 1);
            return false;
        }

        _records[(uint)_written & _mask] = record;
        Volatile.Write(ref _written, _written + 1);
        return true;
    }

    /// <summary>The oldest record; of the reader, good until <see cref="Remove"/>.</summary>
    /// <returns>Null when none waits.</returns>
    public TraceRecord* Peek() => Count == 0 ? null : _records + ((uint)_read & _mask);

    /// <summary>Of the reader, after a <see cref="Peek"/> that found one.</summary>
    public void Remove() => Volatile.Write(ref _read, _read + 1);

    /// <summary>How many were lost since the last call. Of the reader.</summary>
    public int TakeLost()
    {
        int lost = Volatile.Read(ref _lost);
        int news = lost - _lostTold;
        _lostTold = lost;
        return news;
    }
}
