namespace Haltpoint.Stopping;

/// <summary>What a resume does with a CPU other than the master that resumes.</summary>
internal enum RoundupPlan : byte
{
    Go,

    /// <summary>It stays held until the next stop.</summary>
    Keep,

    /// <summary>It stays held for a step of another, and no longer than the round-up's patience with steps.</summary>
    Linger,
}
