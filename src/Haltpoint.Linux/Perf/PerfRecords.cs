using System;
using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Perf;

/// <summary>Walks the records that a ring held, one after the other.</summary>
internal ref struct PerfRecords(ReadOnlySpan<byte> bytes)
{
    private const int HeaderSize = 8;

    // With SampleIdAll every other record ends like this: pid and tid, time, id, cpu.
    private const int TrailerSize = 32;

    private ReadOnlySpan<byte> _rest = bytes;
    private ReadOnlySpan<byte> _record;

    /// <summary>Goes to the next record.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < HeaderSize)
        {
            return false;
        }

        int size = MemoryMarshal.Read<ushort>(_rest[6..]);
        if (size < HeaderSize || size > _rest.Length)
        {
            return false;
        }

        _record = _rest[..size];
        _rest = _rest[size..];
        return true;
    }

    public readonly PerfRecordType Type => (PerfRecordType)MemoryMarshal.Read<uint>(_record);

    /// <summary>The low three bits are the mode of the CPU; others belong to the type.</summary>
    public readonly ushort Misc => MemoryMarshal.Read<ushort>(_record[4..]);

    public readonly int Size => _record.Length;

    /// <summary>Of a sample: the thread; 0 of any other record.</summary>
    public readonly int SampledThread => Type == PerfRecordType.Sample ? MemoryMarshal.Read<int>(Body[12..]) : 0;

    /// <summary>Of a <see cref="PerfRecordType.Lost"/> record: how many had no room.</summary>
    public readonly long LostCount => MemoryMarshal.Read<long>(Body[8..]);

    /// <summary>What follows the header.</summary>
    public readonly ReadOnlySpan<byte> Body => _record[HeaderSize..];

    /// <summary>When it happened, on the clock of the events.</summary>
    public readonly long Time => Type == PerfRecordType.Sample
        ? PerfSample.ReadTime(Body)
        : MemoryMarshal.Read<long>(_record[(_record.Length - TrailerSize + 8)..]);
}
