namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>Which parts of a structure that it reads the kernel also writes.</summary>
internal enum WrittenParts : byte
{
    All,
    None,

    /// <summary>revents of each struct pollfd.</summary>
    Poll,

    /// <summary>msg_namelen, msg_controllen and msg_flags of struct msghdr.</summary>
    Message,

    /// <summary>msg_len of each struct mmsghdr that was sent.</summary>
    SentMessages,

    /// <summary>The same as of a msghdr, and msg_len, of each struct mmsghdr that was received.</summary>
    ReceivedMessages,

    /// <summary>ifc_len.</summary>
    InterfacesLength,

    /// <summary>iov_len of the one struct iovec of a ptrace register set.</summary>
    VectorLength,
}
