using System.Buffers;
using System.Collections.Generic;

namespace Haltpoint.Linux.Perf;

/// <summary>What one round over the rings found: the bytes of each ring that had any.</summary>
/// <param name="Since">
/// The clock before the previous round began. A record older than this is in this batch or an earlier one: the kernel stamps a record
/// and then puts it into the ring without leaving the CPU.
/// </param>
internal sealed record RingBatch(long Since)
{
    private readonly List<Part> _parts = [];

    public IReadOnlyList<Part> Parts => _parts;

    public int Bytes { get; private set; }

    public void Add(int cpu, byte[] buffer, int length)
    {
        _parts.Add(new Part(cpu, buffer, length));
        Bytes += length;
    }

    /// <summary>Gives the memory back; the parts are not to be read after this.</summary>
    public void Release()
    {
        foreach (Part part in _parts)
        {
            ArrayPool<byte>.Shared.Return(part.Buffer);
        }

        _parts.Clear();
    }

    /// <summary>Whole records of one ring, in the order in which they happened there.</summary>
    public readonly record struct Part(int Cpu, byte[] Buffer, int Length);
}
