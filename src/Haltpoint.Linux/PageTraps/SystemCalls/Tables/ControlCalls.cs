using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;
using static Haltpoint.Linux.PageTraps.SystemCalls.CallTransfer;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>Calls that are many by an operation number. Operations that are not listed take no addresses, or no known ones.</summary>
internal static class ControlCalls
{
    public static readonly SystemCall Fcntl = new(72, "fcntl", [Value, Value, Value])
    {
        Selector = 1,
        Operations =
        [
            /* GETLK            */ new(5, Value, Value, Both(32)),
            /* SETLK            */ new(6, Value, Value, In(32)),
            /* SETLKW           */ new(7, Value, Value, In(32)),
            /* SETOWN_EX        */ new(15, Value, Value, In(8)),
            /* GETOWN_EX        */ new(16, Value, Value, Out(8)),
            /* GETOWNER_UIDS    */ new(17, Value, Value, Out(8)),
            /* OFD_GETLK        */ new(36, Value, Value, Both(32)),
            /* OFD_SETLK        */ new(37, Value, Value, In(32)),
            /* OFD_SETLKW       */ new(38, Value, Value, In(32)),
            /* GET_RW_HINT      */ new(1035, Value, Value, Out(8)),
            /* SET_RW_HINT      */ new(1036, Value, Value, In(8)),
            /* GET_FILE_RW_HINT */ new(1037, Value, Value, Out(8)),
            /* SET_FILE_RW_HINT */ new(1038, Value, Value, In(8)),
        ],
    };

    public static readonly SystemCall Prctl = new(157, "prctl", [Value, Value, Value, Value, Value], isPartlyKnown: true)
    {
        Operations =
        [
            /* GET_PDEATHSIG         */ new(2, Value, Out(4)),
            /* GET_UNALIGN           */ new(5, Value, Out(4)),
            /* GET_FPEMU             */ new(9, Value, Out(4)),
            /* GET_FPEXC             */ new(11, Value, Out(4)),
            /* SET_NAME              */ new(15, Value, Text(16)),
            /* GET_NAME              */ new(16, Value, Out(16)),
            /* GET_ENDIAN            */ new(19, Value, Out(4)),
            /* SET_SECCOMP           */ new(22, Value, Value, FilterProgram),
            /* GET_TSC               */ new(25, Value, Out(4)),
            /* SET_MM                */ new(35, Value, Value, Range(1), Value, Value),
            /* GET_CHILD_SUBREAPER   */ new(37, Value, Out(4)),
            /* GET_TID_ADDRESS       */ new(40, Value, Out(8)),
            /* SET_SYSCALL_USER_DISP */ new(59, Value, Value, Value, Value, Kept(1)),
            /* SCHED_CORE            */ new(62, Value, Value, Value, Value, Out(8)),
            /* GET_AUXV              */ new(0x41555856, Value, Out(By(2)), Value),
            /* SET_VMA               */ new(0x53564d41, Value, Value, Range(By(3)), Value, Text(80)),
        ],
    };

    public static readonly SystemCall ArchPrctl = new(158, "arch_prctl", [Value, Value])
    {
        Operations =
        [
            /* GET_FS              */ new(0x1003, Value, Out(8)),
            /* GET_GS              */ new(0x1004, Value, Out(8)),
            /* GET_XCOMP_SUPP      */ new(0x1021, Value, Out(8)),
            /* GET_XCOMP_PERM      */ new(0x1022, Value, Out(8)),
            /* GET_XCOMP_GUEST     */ new(0x1024, Value, Out(8)),
            /* GET_UNTAG_MASK      */ new(0x4001, Value, Out(8)),
            /* GET_MAX_TAG_BITS    */ new(0x4003, Value, Out(8)),
            /* SHSTK_STATUS        */ new(0x5005, Value, Out(8)),
        ],
    };

    /// <summary>The program itself as a tracer: the third argument is an address of its tracee.</summary>
    public static readonly SystemCall Ptrace = new(101, "ptrace", [Value, Value, Value, Value], isPartlyKnown: true)
    {
        Operations =
        [
            /* PEEKTEXT         */ new(1, Value, Value, Value, Out(8)),
            /* PEEKDATA         */ new(2, Value, Value, Value, Out(8)),
            /* PEEKUSER         */ new(3, Value, Value, Value, Out(8)),
            /* GETREGS          */ new(12, Value, Value, Value, Out(216)),
            /* SETREGS          */ new(13, Value, Value, Value, In(216)),
            /* GETFPREGS        */ new(14, Value, Value, Value, Out(512)),
            /* SETFPREGS        */ new(15, Value, Value, Value, In(512)),
            /* GETEVENTMSG      */ new(0x4201, Value, Value, Value, Out(8)),
            /* GETSIGINFO       */ new(0x4202, Value, Value, Value, Out(128)),
            /* SETSIGINFO       */ new(0x4203, Value, Value, Value, In(128)),
            /* GETREGSET        */ new(0x4204, Value, Value, Value, RegisterSet(CallDirection.Written)),
            /* SETREGSET        */ new(0x4205, Value, Value, Value, RegisterSet(CallDirection.Read)),
            /* PEEKSIGINFO      */ new(0x4209, Value, Value, In(16), Out(128)),
            /* GETSIGMASK       */ new(0x420a, Value, Value, Value, Out(8)),
            /* SETSIGMASK       */ new(0x420b, Value, Value, Value, In(8)),
            /* GET_SYSCALL_INFO */ new(0x420e, Value, Value, Value, Out(By(2), Returned)),
            /* GET_RSEQ_CONFIG  */ new(0x420f, Value, Value, Value, Out(By(2), Returned)),
        ],
    };

    public static readonly SystemCall Seccomp = new(317, "seccomp", [Value, Value, Value], isPartlyKnown: true)
    {
        Operations =
        [
            /* SET_MODE_FILTER  */ new(1, Value, Value, FilterProgram),
            /* GET_ACTION_AVAIL */ new(2, Value, Value, In(4)),
            /* GET_NOTIF_SIZES  */ new(3, Value, Value, Out(6)),
        ],
    };

    public static readonly SystemCall Keyctl = new(250, "keyctl", [Value, Value, Value, Value, Value], isPartlyKnown: true)
    {
        Operations =
        [
            /* JOIN_SESSION_KEYRING */ new(1, Value, Path),
            /* UPDATE               */ new(2, Value, Value, In(By(3)), Value),
            /* DESCRIBE             */ new(6, Value, Value, Out(By(3), Returned), Value),
            /* SEARCH               */ new(10, Value, Value, Text(32), Path, Value),
            /* READ                 */ new(11, Value, Value, Out(By(3), Returned), Value),
            /* INSTANTIATE          */ new(12, Value, Value, In(By(3)), Value, Value),
            /* GET_SECURITY         */ new(17, Value, Value, Out(By(3), Returned), Value),
            /* INSTANTIATE_IOV      */ new(20, Value, Value, VectorIn(3), Value, Value),
        ],
    };

    public static readonly SystemCall Ioctl = new IoctlCall();
}
