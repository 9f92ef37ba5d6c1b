namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>What an argument of a system call is to the translation.</summary>
internal enum ArgumentKind : byte
{
    /// <summary>No memory is touched through it.</summary>
    Value,

    /// <summary>The address of bytes in one piece, without addresses in them that the call follows.</summary>
    Flat,

    /// <summary>struct iovec[], and the buffers.</summary>
    Vector,

    /// <summary>struct msghdr, its name, control data and vector.</summary>
    Message,

    /// <summary>struct mmsghdr[].</summary>
    Messages,

    /// <summary>char *[], ended by a null pointer.</summary>
    Strings,

    /// <summary>The pair of address and size that pselect6 and io_pgetevents take their signal set from.</summary>
    SignalSet,

    /// <summary>struct futex_waitv[].</summary>
    FutexWaiters,

    /// <summary>struct clone_args.</summary>
    CloneArguments,

    /// <summary>clone's parent_tid.</summary>
    ParentThread,

    /// <summary>clone's child_tid.</summary>
    ChildThread,

    /// <summary>struct sock_fprog.</summary>
    FilterProgram,

    /// <summary>struct ifconf.</summary>
    Interfaces,

    /// <summary>struct iocb *[]. The buffers may be used after the call has returned, through the pages it holds on to.</summary>
    ControlBlocks,

    /// <summary>Addresses whose mapping the call changes or asks about.</summary>
    Range,

    /// <summary>struct iovec[] of such addresses, of any process.</summary>
    Ranges,

    /// <summary>One struct iovec, whose length the call sets.</summary>
    RegisterSet,

    /// <summary>struct iovec[] of buffers in the process that the first argument names.</summary>
    RemoteVector,

    /// <summary>void *[] of pages that the call asks about or moves.</summary>
    Pages,

    /// <summary>A structure that begins with address and length of a range whose mapping the call changes.</summary>
    RangeStructure,

    /// <summary>Bytes that the kernel uses by itself after the call.</summary>
    Kept,
}
