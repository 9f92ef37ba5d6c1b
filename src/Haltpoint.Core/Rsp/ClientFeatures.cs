using System;

namespace Haltpoint.Rsp;

/// <summary>What the client said it understands or switched on.</summary>
[Flags]
internal enum ClientFeatures
{
    None = 0,
    Multiprocess = 1 << 0,
    SoftwareBreak = 1 << 1,
    HardwareBreak = 1 << 2,
    ForkEvents = 1 << 3,
    VforkEvents = 1 << 4,
    ExecEvents = 1 << 5,
    NoResumed = 1 << 6,

    /// <summary>Error replies may carry text (<c>E.text</c>) everywhere.</summary>
    ErrorMessage = 1 << 7,

    /// <summary>lldb: error replies may carry text in hex (<c>Enn;text</c>).</summary>
    ErrorStrings = 1 << 8,

    /// <summary>lldb: register packets name their thread at the end.</summary>
    ThreadSuffix = 1 << 9,

    /// <summary>lldb: stop replies list all threads.</summary>
    ThreadsInStopReply = 1 << 10,

    /// <summary>lldb before 21: <c>x</c> replies are the data alone.</summary>
    BareBinaryReads = 1 << 11,

    /// <summary>Registers are taken from the target description (<c>xmlRegisters=</c>); without it, a client knows the base registers alone.</summary>
    Descriptions = 1 << 12,
}
