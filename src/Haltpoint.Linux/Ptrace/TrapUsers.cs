using System;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Who wants a trap to be in memory.</summary>
[Flags]
internal enum TrapUsers : byte
{
    None = 0,

    /// <summary>A software breakpoint.</summary>
    Software = 1,

    /// <summary>A hardware breakpoint for which there is no debug register.</summary>
    Hardware = 2,
}
