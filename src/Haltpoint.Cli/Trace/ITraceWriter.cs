using Haltpoint.Linux.Tracing;

namespace Haltpoint.Cli.Trace;

/// <summary>One of the forms in which <c>--output</c> gives a trace out. Calls come in the order of time.</summary>
internal interface ITraceWriter
{
    /// <summary>A mapping is traced from now on.</summary>
    void Map(TracedMapping mapping, long time);

    /// <summary>It is gone.</summary>
    void Unmap(TracedMapping mapping, long time);

    void Write(in TracedAccess access);

    /// <summary>There is no more; what could not be written before the end is written now.</summary>
    void Finish(TraceSummary summary);
}
