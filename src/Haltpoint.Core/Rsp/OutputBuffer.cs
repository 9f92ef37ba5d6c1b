using System;

namespace Haltpoint.Rsp;

/// <summary>Bytes on their way to the client, and the last packet for as long as the client may ask for it again.</summary>
internal unsafe struct OutputBuffer(byte* memory, int capacity)
{
    private readonly byte* _memory = memory;
    private readonly int _capacity = capacity;
    private int _start;
    private int _end;

    // The last packet, kept until it is acknowledged: [_keptStart, _keptEnd), empty when there is none.
    private int _keptStart;
    private int _keptEnd;

    public readonly ReadOnlySpan<byte> Pending => new(_memory + _start, _end - _start);

    public readonly bool IsUnacknowledged => _keptEnd != _keptStart;

    /// <summary>Where the next bytes go.</summary>
    public readonly byte* At => _memory + _end;

    public readonly int Room => _capacity - _end;

    public void Sent(int count)
    {
        _start += count;
        Reclaim();
    }

    public void Append(byte value) => _memory[_end++] = value;

    /// <summary>Counts in bytes that were written at <see cref="At"/>.</summary>
    public void Append(int count) => _end += count;

    /// <summary>Keeps the last <paramref name="count"/> bytes until <see cref="Acknowledge"/>.</summary>
    public void Keep(int count)
    {
        _keptStart = _end - count;
        _keptEnd = _end;
    }

    public void Acknowledge()
    {
        _keptStart = _keptEnd = 0;
        Reclaim();
    }

    /// <summary>Sends the kept packet again, and what followed it.</summary>
    public void Repeat()
    {
        if (IsUnacknowledged && _keptStart < _start)
        {
            _start = _keptStart;
        }
    }

    private void Reclaim()
    {
        if (_start == _end && !IsUnacknowledged)
        {
            _start = _end = 0;
        }
    }
}
