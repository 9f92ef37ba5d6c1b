using System;

namespace Haltpoint.Bench;

/// <summary>One thing that is measured, the same way for everyone. A measurement is a time or a size: less is better.</summary>
internal sealed record Row(string Name, string Unit)
{
    /// <summary>Opens what is measured with a server. Its measurements are taken in turns with those of the other.</summary>
    public required Func<Server, Measurement> Open { get; init; }

    /// <summary>Arguments of bench/tracer.c, which prints the time of the C loop; null where there is none to compare with.</summary>
    public string? Tracer { get; init; }

    /// <summary>Name of the same inside Haltpoint's engine (<see cref="EngineRows"/>); null where that is no question.</summary>
    public string? Inside { get; init; }

    /// <summary>At most this part of gdbserver's figure.</summary>
    public double Goal { get; init; } = 1;

    /// <summary>Inside the server, at most this multiple of the C loop's figure.</summary>
    public double InsideGoal { get; init; } = 1.15;

    /// <summary>Everything on one CPU, as it is for a round trip.</summary>
    public bool IsPinned { get; init; } = true;

    /// <summary>Measurements taken and dropped first, so that code is compiled and caches are filled.</summary>
    public bool IsWarmedUp { get; init; } = true;
}
