using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Perf;

/// <summary>What the kernel answered to a request about a perf event.</summary>
internal enum PerfStatus
{
    Ok,

    /// <summary>Every debug register that could serve it is taken .</summary>
    NoSlot,

    /// <summary>The thread ended, or never was.</summary>
    NoThread,

    /// <summary>perf_event_paranoid, a missing capability, or a thread of somebody else.</summary>
    NotPermitted,

    /// <summary>The locked memory a user may have is used up.</summary>
    NoLockedMemory,

    /// <summary>The registers have no form for it, or the kernel is too old for a flag.</summary>
    BadRequest,

    /// <summary>The machine has no debug registers for perf, or the kernel no perf at all.</summary>
    NotSupported,

    /// <summary>No more file descriptors.</summary>
    TooManyFiles,

    NoMemory,
}

internal static class PerfStatuses
{
    /// <summary>Says what the last failed call meant; on the thread that made it, before any other import.</summary>
    public static PerfStatus OfLastError() => Marshal.GetLastPInvokeError() switch
    {
        Errno.ENOSPC => PerfStatus.NoSlot,
        Errno.ESRCH => PerfStatus.NoThread,
        Errno.EPERM or Errno.EACCES => PerfStatus.NotPermitted,
        Errno.EMFILE or Errno.ENFILE => PerfStatus.TooManyFiles,
        Errno.ENOMEM => PerfStatus.NoMemory,
        Errno.ENODEV or Errno.ENOENT or Errno.ENOSYS or Errno.EOPNOTSUPP => PerfStatus.NotSupported,
        _ => PerfStatus.BadRequest,
    };
}
