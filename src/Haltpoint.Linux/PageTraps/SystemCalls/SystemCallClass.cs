namespace Haltpoint.Linux.PageTraps.SystemCalls;

internal enum SystemCallClass : byte
{
    Ordinary,

    /// <summary>It may change or ask about what is mapped where.</summary>
    AddressSpace,

    /// <summary>It puts another program into the process if it succeeds.</summary>
    Image,

    /// <summary>It does not return.</summary>
    Exit,

    /// <summary>It takes the registers from a frame at the stack pointer.</summary>
    SignalReturn,

    /// <summary>It makes a thread or a process.</summary>
    Birth,

    /// <summary>What it sets up uses memory when nobody can follow.</summary>
    Refused,
}
