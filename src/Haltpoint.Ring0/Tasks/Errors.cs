namespace Haltpoint.Ring0.Tasks;

/// <summary>What a system call answers when it fails: Linux's numbers, negative.</summary>
internal static class Errors
{
    public const long NotPermitted = -1; // EPERM
    public const long NoEntry = -2; // ENOENT
    public const long NoTask = -3; // ESRCH
    public const long NoRegister = -5; // EIO
    public const long NotAProgram = -8; // ENOEXEC
    public const long NoChild = -10; // ECHILD
    public const long NoMemory = -12; // ENOMEM
    public const long BadAddress = -14; // EFAULT
    public const long Busy = -16; // EBUSY
    public const long NoDevice = -19; // ENODEV
    public const long Invalid = -22; // EINVAL
    public const long NoSpace = -28; // ENOSPC
    public const long NoCall = -38; // ENOSYS
    public const long NotSupported = -95; // EOPNOTSUPP

    public static long Of(Haltpoint.Breakpoints.SlotStatus status) => status switch
    {
        Haltpoint.Breakpoints.SlotStatus.Ok => 0,
        Haltpoint.Breakpoints.SlotStatus.Exhausted => NoSpace,
        Haltpoint.Breakpoints.SlotStatus.NotFound => NoRegister,
        Haltpoint.Breakpoints.SlotStatus.NotPermitted => NotPermitted,
        Haltpoint.Breakpoints.SlotStatus.Unsupported => NotSupported,
        Haltpoint.Breakpoints.SlotStatus.NoRegisters => NoDevice,
        Haltpoint.Breakpoints.SlotStatus.Full => NoMemory,
        Haltpoint.Breakpoints.SlotStatus.Busy => Busy,
        _ => Invalid,
    };
}
