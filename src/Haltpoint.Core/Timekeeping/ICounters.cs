namespace Haltpoint.Timekeeping;

/// <summary>The counters of a machine, by the index of their <see cref="Clocksource"/>.</summary>
/// <remarks>Called in every context, NMIs and the stopped machine included: an implementation takes no lock.</remarks>
public interface ICounters<TSelf>
    where TSelf : struct
{
    /// <summary>The count since some moment, in 64 bits whatever the counter's width (<see cref="WideCount"/>).</summary>
    static abstract ulong Read(ref TSelf self, int source);
}
