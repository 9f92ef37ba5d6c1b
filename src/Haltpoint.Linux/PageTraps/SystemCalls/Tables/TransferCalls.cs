using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;
using static Haltpoint.Linux.PageTraps.SystemCalls.CallTraits;
using static Haltpoint.Linux.PageTraps.SystemCalls.CallTransfer;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>Bytes to and from open files.</summary>
internal static class TransferCalls
{
    public static readonly SystemCall[] All =
    [
        new(0, "read", [Value, Out(By(2), Returned), Value], Blocks) { VectorTwin = 19 },
        new(1, "write", [Value, In(By(2), Returned), Value], Blocks) { VectorTwin = 20 },
        new(17, "pread64", [Value, Out(By(2), Returned), Value, Value], Blocks) { VectorTwin = 295 },
        new(18, "pwrite64", [Value, In(By(2), Returned), Value, Value], Blocks) { VectorTwin = 296 },
        new(19, "readv", [Value, VectorOut(2), Value], Blocks),
        new(20, "writev", [Value, VectorIn(2), Value], Blocks),
        new(295, "preadv", [Value, VectorOut(2), Value, Value, Value], Blocks),
        new(296, "pwritev", [Value, VectorIn(2), Value, Value, Value], Blocks),
        new(327, "preadv2", [Value, VectorOut(2), Value, Value, Value, Value], Blocks),
        new(328, "pwritev2", [Value, VectorIn(2), Value, Value, Value, Value], Blocks),
        new(40, "sendfile", [Value, Value, Both(8), Value], Blocks),
        new(275, "splice", [Value, Both(8), Value, Both(8), Value, Value], Blocks),
        new(276, "tee", [Value, Value, Value, Value], Blocks),
        // Pages of the buffers may stay in the pipe: wherever they are mapped, it has their contents.
        new(278, "vmsplice", [Value, VectorIn(2), Value, Value], Blocks),
        new(326, "copy_file_range", [Value, Both(8), Value, Both(8), Value, Value], Blocks),
        new(310, "process_vm_readv", [Value, VectorOut(2), Value, RemoteIn(4), Value, Value]),
        new(311, "process_vm_writev", [Value, VectorIn(2), Value, RemoteOut(4), Value, Value]),
        new(8, "lseek", [Value, Value, Value]),
        new(74, "fsync", [Value], Blocks),
        new(75, "fdatasync", [Value], Blocks),
        new(76, "truncate", [Path, Value]),
        new(77, "ftruncate", [Value, Value]),
        new(162, "sync", [], Blocks),
        new(187, "readahead", [Value, Value, Value]),
        new(221, "fadvise64", [Value, Value, Value, Value]),
        new(277, "sync_file_range", [Value, Value, Value, Value], Blocks),
        new(285, "fallocate", [Value, Value, Value, Value]),
        new(306, "syncfs", [Value], Blocks),
        new(451, "cachestat", [Value, In(16), Out(40), Value]),
    ];
}
