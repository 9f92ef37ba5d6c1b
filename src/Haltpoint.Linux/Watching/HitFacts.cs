namespace Haltpoint.Linux.Watching;

/// <summary>The facts of a hit of <see cref="MemoryWatch"/>.</summary>
/// <param name="hit">The hit.</param>
/// <param name="hits">Hits so far, this one included.</param>
internal readonly struct HitFacts(in WatchHit hit, long hits) : IHitFacts
{
    private readonly WatchHit _hit = hit;

    public int Length => _hit.Length;

    public int Thread => _hit.ThreadId;

    public long Hits => hits;

    public bool TryGetValue(out ulong value)
    {
        value = _hit.Value ?? 0;
        return _hit.Value is not null;
    }

    public bool TryGetOldValue(out ulong value)
    {
        value = _hit.OldValue ?? 0;
        return _hit.OldValue is not null;
    }

    public bool IsThreadNamed(string name) => _hit.ThreadName == name;

    public bool IsInFunction(string name) => _hit.Location.Name == name;
}
