using System;

namespace Haltpoint.Breakpoints;

/// <summary>The accesses a request wants to hear of; a set, with the values Linux gives them .</summary>
[Flags]
public enum AccessKind : byte
{
    /// <summary>What no request may ask for.</summary>
    None = 0,
    Read = 1,
    Write = 2,
    ReadWrite = Read | Write,
    Execute = 4,
}
