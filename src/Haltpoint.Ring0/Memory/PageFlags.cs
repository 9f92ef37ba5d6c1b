using System;

namespace Haltpoint.Ring0.Memory;

/// <summary>Bits of a page-table entry (SDM volume 3, section 4.5.4).</summary>
[Flags]
internal enum PageFlags : ulong
{
    None = 0,
    Present = 1,
    Writable = 1 << 1,

    /// <summary>User mode may use it.</summary>
    User = 1 << 2,
    WriteThrough = 1 << 3,
    CacheDisabled = 1 << 4,

    /// <summary>In a directory: the entry is a page of 2 MiB.</summary>
    Large = 1 << 7,

    /// <summary>The processor ignores this bit. Of an entry that is not present: its page is armed, and the rest of the entry says where it is.</summary>
    Trapped = 1 << 9,

    NoExecute = 1UL << 63,

    Code = Present,
    ReadOnly = Present | NoExecute,
    Data = Present | Writable | NoExecute,
    Device = Data | WriteThrough | CacheDisabled,
}
