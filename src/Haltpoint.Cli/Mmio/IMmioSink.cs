
namespace Haltpoint.Cli.Mmio;

/// <summary>What a log holds, in its order.</summary>
internal interface IMmioSink
{
    void Add(in MmioEntry entry);

    /// <param name="device">Number of bus, device and function, and what follows it on the line.</param>
    void AddDevice(MmioDevice device);

    /// <summary>Events that the tracer could not keep.</summary>
    void AddLost(long count, long line);

    /// <summary>A line that does not belong in such a log.</summary>
    void AddProblem(long line, string problem);
}
