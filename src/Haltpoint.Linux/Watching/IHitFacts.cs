namespace Haltpoint.Linux.Watching;

/// <summary>What a <see cref="HitCondition"/> may ask about a hit; each is found out only when it is asked for.</summary>
internal interface IHitFacts
{
    /// <summary>Bytes that were hit, at most 8; what the values are of.</summary>
    int Length { get; }

    /// <summary>The thread's id.</summary>
    int Thread { get; }

    /// <summary>How many hits there were, this one included.</summary>
    long Hits { get; }

    bool TryGetValue(out ulong value);

    bool TryGetOldValue(out ulong value);

    bool IsThreadNamed(string name);

    bool IsInFunction(string name);
}
