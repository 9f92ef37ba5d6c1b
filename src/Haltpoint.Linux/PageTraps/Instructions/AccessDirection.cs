using System;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>What an instruction does to the bytes of a memory operand.</summary>
[Flags]
internal enum AccessDirection : byte
{
    /// <summary>Their page must be there, as for a cache line flush, but nothing is read or written.</summary>
    None = 0,

    Read = 1,
    Write = 2,
    ReadWrite = Read | Write,
}
