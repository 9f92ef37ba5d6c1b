// Asserts that nobody writes a buffer while some code runs, and prints who does if somebody did.
using System;
using System.Collections.Generic;
using Haltpoint.Linux.Watching;

// Pinned: a watch is on an address, and the garbage collector moves what is not.
long[] record = GC.AllocateArray<long>(8, pinned: true);

using MemoryWatch watch = MemoryWatch.OnOwnMemory(record.AsSpan(0, 2));
Fill(record);
IReadOnlyList<WatchHit> hits = watch.Collect();

foreach (WatchHit hit in hits)
{
    Console.WriteLine($"{hit.Location.Name} wrote {hit.Value} over {hit.OldValue} at 0x{hit.Address:x}");
}

Console.WriteLine(hits.Count == 0 ? "nobody wrote the header" : $"{hits.Count} write(s) that should not be");
return hits.Count;

static void Fill(long[] record)
{
    // The mistake: the body begins at 2, and this loop begins one before it, inside the header.
    for (int i = 1; i < record.Length; i++)
    {
        record[i] = i;
    }
}
