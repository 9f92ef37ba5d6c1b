using System;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>All armed ranges of an address space: ascending, without overlaps.</summary>
internal readonly ref struct ArmedRanges
{
    private readonly ReadOnlySpan<ArmedRange> _ranges;
    private readonly ulong _lowest;
    private readonly ulong _highest;

    public ArmedRanges(ReadOnlySpan<ArmedRange> ranges)
    {
        _ranges = ranges;
        if (ranges.Length > 0)
        {
            _lowest = ranges[0].Start;
            _highest = ranges[^1].End;
        }
    }

    public bool IsEmpty => _ranges.IsEmpty;

    /// <summary>Whether a byte of them is armed.</summary>
    public bool Touch(ulong address, ulong length)
    {
        ulong end = EndOf(address, length);
        if (address >= _highest || end <= _lowest)
        {
            return false;
        }

        int index = FirstEndingAfter(address);
        return index < _ranges.Length && _ranges[index].Start < end;
    }

    /// <summary>Whether all of them are armed and have their homes in one piece.</summary>
    public bool Hold(ulong address, ulong length, out ulong delta)
    {
        delta = 0;
        int index = FirstEndingAfter(address);
        if (index == _ranges.Length || _ranges[index].Start > address)
        {
            return false;
        }

        delta = _ranges[index].Delta;
        ulong end = EndOf(address, length);
        while (end > _ranges[index].End)
        {
            int next = index + 1;
            if (next == _ranges.Length || _ranges[next].Start != _ranges[index].End || _ranges[next].Delta != delta)
            {
                return false;
            }

            index = next;
        }

        return true;
    }

    /// <summary>How many bytes from an address on have the same state, and where they are for the kernel.</summary>
    public ulong PieceAt(ulong address, ulong length, out ulong given)
    {
        int index = FirstEndingAfter(address);
        ulong stop = EndOf(address, length);
        given = address;
        if (index < _ranges.Length && _ranges[index].Start <= address)
        {
            given = address + _ranges[index].Delta;
            stop = Math.Min(stop, _ranges[index].End);
        }
        else if (index < _ranges.Length)
        {
            stop = Math.Min(stop, _ranges[index].Start);
        }

        return stop - address;
    }

    private static ulong EndOf(ulong address, ulong length)
    {
        ulong end = address + length;
        return end < address ? ulong.MaxValue : end;
    }

    private int FirstEndingAfter(ulong address)
    {
        int low = 0;
        int high = _ranges.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_ranges[middle].End > address)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
