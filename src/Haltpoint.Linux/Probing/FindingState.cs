namespace Haltpoint.Linux.Probing;

/// <summary>How a finding bears on the work.</summary>
public enum FindingState
{
    Good,

    /// <summary>Something works less well, or only for some processes.</summary>
    Limited,

    /// <summary>The main job, stopping processes and watching their memory, is not possible.</summary>
    Missing,
}
