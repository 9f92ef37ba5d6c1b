using System;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Why <see cref="PtraceSession.Wait"/> returned; several at once are possible.</summary>
[Flags]
public enum WaitResult : byte
{
    /// <summary>Nothing, and the caller did not want to wait.</summary>
    None = 0,

    /// <summary>A stop can be taken.</summary>
    Stop = 1,

    /// <summary>The connection can be read, or has ended.</summary>
    Connection = 2,

    /// <summary><see cref="PtraceSession.RequestShutdown"/> was called.</summary>
    Shutdown = 4,
}
