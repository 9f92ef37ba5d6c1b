using System;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

[Flags]
internal enum CallTraits : byte
{
    None = 0,

    /// <summary>It may wait for something that another thread does.</summary>
    Blocks = 1,

    /// <summary>Structures it takes may hold addresses that the table doesn't know.</summary>
    Partly = 2,
}
