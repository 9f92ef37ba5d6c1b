using System;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>What the kernel does to an argument's bytes.</summary>
[Flags]
internal enum CallDirection : byte
{
    None = 0,
    Read = 1,
    Written = 2,
    Both = Read | Written,
}
