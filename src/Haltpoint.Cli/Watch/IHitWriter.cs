using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary>One of the forms in which <c>--output</c> gives hits out.</summary>
internal interface IHitWriter
{
    void Write(in WatchHit hit);

    /// <summary>There are no more; what could not be written before the end is written now.</summary>
    void Finish(WatchSummary summary);
}
