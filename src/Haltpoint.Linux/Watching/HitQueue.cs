using System.Collections.Generic;

namespace Haltpoint.Linux.Watching;

/// <summary>Hits in the order of time, each held back until nothing more can be folded into it.</summary>
internal sealed class HitQueue
{
    // Between two rounds of a copy there is an exception and no more, unless the CPU was taken away.
    private const long CopyPatience = 10_000_000;

    private readonly Queue<Entry> _entries = new();
    private readonly Dictionary<(int Thread, ulong Address), Entry> _copies = [];

    /// <summary>Adds a hit that stands for itself.</summary>
    public void Add(in WatchHit hit) => _entries.Enqueue(new Entry { Hit = hit });

    /// <summary>Adds a round of a copy by the kernel, to the hit of its first round if that is there.</summary>
    public void AddCopy(in WatchHit hit, KernelCopy copy)
    {
        (int, ulong) key = (hit.ThreadId, hit.Address);
        if (_copies.TryGetValue(key, out Entry? entry) && copy.Continues(entry.Copy))
        {
            entry.Hit = entry.Hit with { Count = entry.Hit.Count + 1, Value = hit.Value };
            entry.LastTime = hit.Time;
        }
        else
        {
            Complete(key);
            entry = new Entry { Hit = hit, LastTime = hit.Time, IsOpen = true };
            _entries.Enqueue(entry);
            _copies[key] = entry;
        }

        entry.Copy = copy;
        if (copy.IsComplete)
        {
            Complete(key);
        }
    }

    /// <summary>Takes the hits that nothing can be added to, when everything before <paramref name="time"/> is in.</summary>
    public void TakeReady(long time, List<WatchHit> into)
    {
        while (_entries.TryPeek(out Entry? entry))
        {
            if (entry.IsOpen)
            {
                if (entry.LastTime > time - CopyPatience)
                {
                    return;
                }

                Complete((entry.Hit.ThreadId, entry.Hit.Address));
            }

            into.Add(_entries.Dequeue().Hit);
        }
    }

    private void Complete((int Thread, ulong Address) key)
    {
        if (_copies.Remove(key, out Entry? entry))
        {
            entry.IsOpen = false;
        }
    }

    private sealed class Entry
    {
        public WatchHit Hit;
        public KernelCopy Copy;
        public long LastTime;
        public bool IsOpen;
    }
}
