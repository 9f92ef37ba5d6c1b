namespace Haltpoint.Stopping;

/// <summary>What an exception or NMI means to a CPU.</summary>
public enum RoundupEntry : byte
{
    /// <summary>The CPU has entered: publish its registers, then take steps until it serves or leaves.</summary>
    Entered,

    /// <summary>It was in already. An NMI then has nothing to do; an exception is re-entry.</summary>
    Inside,

    /// <summary>The NMI is somebody else's.</summary>
    NotOurs,
}
