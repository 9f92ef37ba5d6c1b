using System;

namespace Haltpoint.Targets;

/// <summary>What the server was told by whoever started it, and what it tells them.</summary>
public interface IServerSettings<TSelf>
    where TSelf : struct
{
    /// <summary>Packets the server must not know (gdbserver's <c>--disable-packet</c>): "vCont", "Tthread", "qC", "qfThreadInfo", "threads".</summary>
    static virtual bool IsPacketDisabled(ref TSelf self, ReadOnlySpan<byte> name) => false;

    /// <summary>A client turned extended mode on: the server outlives its processes.</summary>
    static virtual void SetExtended(ref TSelf self) { }
}
