using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>Mappings. What they name is a mapping as the program knows it: no address of theirs is translated.</summary>
internal static class MemoryCalls
{
    public static readonly SystemCall[] All =
    [
        new(9, "mmap", [Value, Value, Value, Value, Value, Value])
        {
            Class = SystemCallClass.AddressSpace,
            Selector = 3,
            // MAP_FIXED: without it nothing that is mapped is touched.
            SelectorMask = 0x10,
            Operations = [new(0x10, Range(By(1)), Value, Value, Value, Value, Value)],
        },
        new(10, "mprotect", [Range(By(1)), Value, Value]) { Class = SystemCallClass.AddressSpace },
        new(11, "munmap", [Range(By(1)), Value]) { Class = SystemCallClass.AddressSpace },
        // The break is not known here: it may shrink past everything behind the new one.
        new(12, "brk", [Range(Rest)])
        {
            Class = SystemCallClass.AddressSpace,
            SelectorMask = ulong.MaxValue,
            Operations = [new(0, Value)],
        },
        new(25, "mremap", [Range(By(1)), Value, Value, Value, Value])
        {
            Class = SystemCallClass.AddressSpace,
            Selector = 3,
            SelectorMask = 2,
            Operations = [new(2, Range(By(1)), Value, Value, Value, Range(By(2)))],
        },
        new(26, "msync", [Range(By(1)), Value, Value]) { Class = SystemCallClass.AddressSpace },
        new(27, "mincore", [Range(By(1)), Value, Out(BytePerPage(1))]) { Class = SystemCallClass.AddressSpace },
        new(28, "madvise", [Range(By(1)), Value, Value]) { Class = SystemCallClass.AddressSpace },
        new(30, "shmat", [Value, Value, Value])
        {
            Class = SystemCallClass.AddressSpace,
            Selector = 2,
            // SHM_REMAP, over as much as the segment is long.
            SelectorMask = 0x4000,
            Operations = [new(0x4000, Value, Range(Rest), Value)],
        },
        new(67, "shmdt", [Range(Rest)]) { Class = SystemCallClass.AddressSpace },
        new(149, "mlock", [Range(By(1)), Value]) { Class = SystemCallClass.AddressSpace },
        new(325, "mlock2", [Range(By(1)), Value, Value]) { Class = SystemCallClass.AddressSpace },
        new(150, "munlock", [Range(By(1)), Value]) { Class = SystemCallClass.AddressSpace },
        new(151, "mlockall", [Value]),
        new(152, "munlockall", []),
        new(216, "remap_file_pages", [Range(By(1)), Value, Value, Value, Value]) { Class = SystemCallClass.AddressSpace },
        new(237, "mbind", [Range(By(1)), Value, Value, In(Bits(4)), Value, Value]) { Class = SystemCallClass.AddressSpace },
        new(450, "set_mempolicy_home_node", [Range(By(1)), Value, Value, Value]) { Class = SystemCallClass.AddressSpace },
        new(238, "set_mempolicy", [Value, In(Bits(2)), Value]),
        new(239, "get_mempolicy", [Out(4), Out(Bits(2)), Value, Value, Value])
        {
            Selector = 4,
            // MPOL_F_ADDR
            SelectorMask = 2,
            Operations = [new(2, Out(4), Out(Bits(2)), Value, Range(1), Value)],
        },
        new(256, "migrate_pages", [Value, Value, In(Bits(1)), In(Bits(1))]),
        new(279, "move_pages", [Value, Value, Pages(1), In(By(1, 4)), Out(By(1, 4)), Value]) { Class = SystemCallClass.AddressSpace },
        new(329, "pkey_mprotect", [Range(By(1)), Value, Value, Value]) { Class = SystemCallClass.AddressSpace },
        new(330, "pkey_alloc", [Value, Value]),
        new(331, "pkey_free", [Value]),
        new(440, "process_madvise", [Value, Ranges(2), Value, Value, Value]) { Class = SystemCallClass.AddressSpace },
        new(448, "process_mrelease", [Value, Value]),
        new(462, "mseal", [Range(By(1)), Value, Value]) { Class = SystemCallClass.AddressSpace },
        new(453, "map_shadow_stack", [Value, Value, Value]) { Class = SystemCallClass.AddressSpace },
        new(319, "memfd_create", [Text(250), Value]),
        new(447, "memfd_secret", [Value]),
        new(323, "userfaultfd", [Value]),
    ];
}
