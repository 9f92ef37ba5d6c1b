using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;
using static Haltpoint.Linux.PageTraps.SystemCalls.CallTransfer;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>What processes and threads share: futexes, pipes, queues, semaphores, segments.</summary>
internal static class SharingCalls
{
    public static readonly SystemCall[] All =
    [
        new(22, "pipe", [Out(8)]),
        new(293, "pipe2", [Out(8), Value]),
        // The selected bits leave out FUTEX_PRIVATE_FLAG and FUTEX_CLOCK_REALTIME. A wake touches no memory, but finds by address.
        new(202, "futex", [Both(4), Value, Value, Value, Both(4), Value])
        {
            Selector = 1,
            SelectorMask = 0x7f,
            Operations =
            [
                /* WAIT            */ new(0, In(4), Value, Value, In(16), Value, Value),
                /* WAKE            */ new(1, Named, Value, Value, Value, Value, Value),
                /* REQUEUE         */ new(3, Named, Value, Value, Value, Named, Value),
                /* CMP_REQUEUE     */ new(4, In(4), Value, Value, Value, Named, Value),
                /* WAKE_OP         */ new(5, Named, Value, Value, Value, Both(4), Value),
                /* LOCK_PI         */ new(6, Both(4), Value, Value, In(16), Value, Value),
                /* UNLOCK_PI       */ new(7, Both(4), Value, Value, Value, Value, Value),
                /* TRYLOCK_PI      */ new(8, Both(4), Value, Value, Value, Value, Value),
                /* WAIT_BITSET     */ new(9, In(4), Value, Value, In(16), Value, Value),
                /* WAKE_BITSET     */ new(10, Named, Value, Value, Value, Value, Value),
                /* WAIT_REQUEUE_PI */ new(11, In(4), Value, Value, In(16), Both(4), Value),
                /* CMP_REQUEUE_PI  */ new(12, In(4), Value, Value, Value, Both(4), Value),
                /* LOCK_PI2        */ new(13, Both(4), Value, Value, In(16), Value, Value),
            ],
        },
        new(449, "futex_waitv", [FutexWaiters(By(1, 24)), Value, Value, In(16), Value]),
        new(454, "futex_wake", [Named, Value, Value, Value]),
        new(455, "futex_wait", [In(4), Value, Value, Value, In(16), Value]),
        new(456, "futex_requeue", [FutexWaiters(48), Value, Value, Value]),
        new(240, "mq_open", [Text(256), Value, Value, In(64)]),
        new(241, "mq_unlink", [Text(256)]),
        new(242, "mq_timedsend", [Value, In(By(2)), Value, Value, In(16)]),
        new(243, "mq_timedreceive", [Value, Out(By(2), Returned), Value, Out(4), In(16)]),
        new(244, "mq_notify", [Value, In(64)], isPartlyKnown: true),
        new(245, "mq_getsetattr", [Value, In(64), Out(64)]),
        new(68, "msgget", [Value, Value]),
        new(69, "msgsnd", [Value, In(By(2, 1, 8)), Value, Value]),
        new(70, "msgrcv", [Value, Out(By(2, 1, 8), Returned), Value, Value, Value]),
        new(71, "msgctl", [Value, Value, Out(120)])
        {
            Selector = 1,
            Operations = [new(0, Value, Value, Value), new(1, Value, Value, In(120)), new(3, Value, Value, Out(32)), new(12, Value, Value, Out(32))],
        },
        new(64, "semget", [Value, Value, Value]),
        new(65, "semop", [Value, In(By(2, 6)), Value]),
        new(220, "semtimedop", [Value, In(By(2, 6)), Value, In(16)]),
        new(66, "semctl", [Value, Value, Value, Value], isPartlyKnown: true)
        {
            Selector = 2,
            Operations =
            [
                /* IPC_SET  */ new(1, Value, Value, Value, In(104)),
                /* IPC_STAT */ new(2, Value, Value, Value, Out(104)),
                /* IPC_INFO */ new(3, Value, Value, Value, Out(40)),
                /* GETALL   */ new(13, Value, Value, Value, Range(2)),
                /* SETALL   */ new(17, Value, Value, Value, Range(2)),
                /* SEM_STAT */ new(18, Value, Value, Value, Out(104)),
                /* SEM_INFO */ new(19, Value, Value, Value, Out(40)),
                /* _ANY     */ new(20, Value, Value, Value, Out(104)),
            ],
        },
        new(29, "shmget", [Value, Value, Value]),
        new(31, "shmctl", [Value, Value, Out(112)])
        {
            Selector = 1,
            Operations =
            [
                /* IPC_RMID */ new(0, Value, Value, Value),
                /* IPC_SET  */ new(1, Value, Value, In(112)),
                /* IPC_INFO */ new(3, Value, Value, Out(72)),
                /* LOCK     */ new(11, Value, Value, Value),
                /* UNLOCK   */ new(12, Value, Value, Value),
                /* SHM_INFO */ new(14, Value, Value, Out(48)),
            ],
        },
    ];
}
