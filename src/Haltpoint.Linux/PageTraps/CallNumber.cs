namespace Haltpoint.Linux.PageTraps;

/// <summary>System calls that are made for a process (asm/unistd_64.h), and their constants (linux/mman.h).</summary>
internal static class CallNumber
{
    public const long Open = 2;
    public const long Close = 3;
    public const long Mmap = 9;
    public const long Mprotect = 10;
    public const long Munmap = 11;
    public const long Brk = 12;
    public const long SignalAction = 13;
    public const long SignalMask = 14;
    public const long SignalReturn = 15;
    public const long Mremap = 25;
    public const long Shmat = 30;
    public const long Execute = 59;
    public const long SignalStack = 131;
    public const long OpenAt = 257;
    public const long Duplicate3 = 292;
    public const long MemFdCreate = 319;
    public const long ExecuteAt = 322;
    public const long OpenAt2 = 437;

    public const ulong ReadExecute = 1 | 4;
    public const ulong ReadWrite = 1 | 2;
    public const ulong PrivateAnonymous = 0x2 | 0x20;

    /// <summary>Nothing behind it, no memory promised for it, over whatever is there.</summary>
    public const ulong Placeholder = PrivateAnonymous | 0x10 | 0x4000;

    /// <summary>At a given address, over nothing that is there, and no memory promised for it.</summary>
    public const ulong OnlyThere = PrivateAnonymous | 0x4000 | 0x10_0000;

    /// <summary>To a given address, over whatever is there.</summary>
    public const ulong MoveTo = 1 | 2;
}
