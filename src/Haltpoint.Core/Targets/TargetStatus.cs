namespace Haltpoint.Targets;

/// <summary>What became of a request to a target. Each value has a text and an errno in the reply (see Rsp/ErrorReply).</summary>
public enum TargetStatus : byte
{
    Ok,

    /// <summary>The target has no such ability; the protocol answers with the empty packet.</summary>
    Unsupported,
    BadAddress,
    BadArgument,
    NoSuchThread,
    NoSuchProcess,
    NotPermitted,

    /// <summary>Another tracer holds the process.</summary>
    AlreadyTraced,

    /// <summary>No debug register is free for it; <see cref="IErrors{TSelf}.LastError"/> says who holds them.</summary>
    NoSlot,
    NoMemory,
    NotFound,
    NotRunning,

    /// <summary>The thing is running and the request needs it stopped.</summary>
    Running,
    InputOutput,

    /// <summary>Refused for a reason that only <see cref="IErrors{TSelf}.LastError"/> can tell.</summary>
    Refused,
}
