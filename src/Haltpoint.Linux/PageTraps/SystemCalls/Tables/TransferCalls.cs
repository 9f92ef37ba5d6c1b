using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;
using static Haltpoint.Linux.PageTraps.SystemCalls.CallTransfer;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>Bytes to and from open files.</summary>
internal static class TransferCalls
{
    public static readonly SystemCall[] All =
    [
        new(0, "read", [Value, Out(By(2), Returned), Value]) { VectorTwin = 19 },
        new(1, "write", [Value, In(By(2), Returned), Value]) { VectorTwin = 20 },
        new(17, "pread64", [Value, Out(By(2), Returned), Value, Value]) { VectorTwin = 295 },
        new(18, "pwrite64", [Value, In(By(2), Returned), Value, Value]) { VectorTwin = 296 },
        new(19, "readv", [Value, VectorOut(2), Value]),
        new(20, "writev", [Value, VectorIn(2), Value]),
        new(295, "preadv", [Value, VectorOut(2), Value, Value, Value]),
        new(296, "pwritev", [Value, VectorIn(2), Value, Value, Value]),
        new(327, "preadv2", [Value, VectorOut(2), Value, Value, Value, Value]),
        new(328, "pwritev2", [Value, VectorIn(2), Value, Value, Value, Value]),
        new(40, "sendfile", [Value, Value, Both(8), Value]),
        new(275, "splice", [Value, Both(8), Value, Both(8), Value, Value]),
        new(276, "tee", [Value, Value, Value, Value]),
        // Pages of the buffers may stay in the pipe: wherever they are mapped, it has their contents.
        new(278, "vmsplice", [Value, VectorIn(2), Value, Value]),
        new(326, "copy_file_range", [Value, Both(8), Value, Both(8), Value, Value]),
        new(310, "process_vm_readv", [Value, VectorOut(2), Value, RemoteIn(4), Value, Value]),
        new(311, "process_vm_writev", [Value, VectorIn(2), Value, RemoteOut(4), Value, Value]),
        new(8, "lseek", [Value, Value, Value]),
        new(74, "fsync", [Value]),
        new(75, "fdatasync", [Value]),
        new(76, "truncate", [Path, Value]),
        new(77, "ftruncate", [Value, Value]),
        new(162, "sync", []),
        new(187, "readahead", [Value, Value, Value]),
        new(221, "fadvise64", [Value, Value, Value, Value]),
        new(277, "sync_file_range", [Value, Value, Value, Value]),
        new(285, "fallocate", [Value, Value, Value, Value]),
        new(306, "syncfs", [Value]),
        new(451, "cachestat", [Value, In(16), Out(40), Value]),
    ];
}
