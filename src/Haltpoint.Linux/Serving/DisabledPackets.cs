using System;

namespace Haltpoint.Linux.Serving;

/// <summary>What gdbserver's <c>--disable-packet</c> can switch off.</summary>
[Flags]
public enum DisabledPackets
{
    None = 0,
    VCont = 1,
    QC = 2,
    QfThreadInfo = 4,
    TThread = 8,

    /// <summary>All of the above.</summary>
    Threads = VCont | QC | QfThreadInfo | TThread,

    /// <summary>Every T stop reply.</summary>
    T = 16,
}
