namespace Haltpoint.Ring0.Interrupts;

/// <summary>What comes in on which vector. Below 32 the CPU decides (SDM volume 3, table 6-1).</summary>
internal static class Vectors
{
    public const int Debug = 1;
    public const int Nmi = 2;
    public const int Breakpoint = 3;
    public const int DoubleFault = 8;
    public const int GeneralProtection = 13;
    public const int PageFault = 14;

    /// <summary>The first that is not an exception.</summary>
    public const int FirstInterrupt = 32;

    /// <summary>Where the PICs would send, were they not masked; a spurious request of theirs comes in spite of the mask.</summary>
    public const int Pic = 0x20;

    public const int PicEnd = Pic + 16;

    public const int Com1 = 0x40;
    public const int Com2 = 0x41;

    /// <summary>A user task asks for something.</summary>
    public const int SystemCall = 0x80;

    /// <summary>QEMU's device for teaching, by message.</summary>
    public const int Edu = 0x42;

    /// <summary>Another CPU made a thread ready here.</summary>
    public const int Wakeup = 0xE0;

    public const int Timer = 0xE1;

    /// <summary>Forget translations of addresses.</summary>
    public const int Flush = 0xDF;

    /// <summary>A thread gives up its CPU. Boot/Layout.inc has it too.</summary>
    public const int Reschedule = 0xE2;

    /// <summary>Another CPU changed breakpoints that concern this one.</summary>
    public const int Breakpoints = 0xE3;

    /// <summary>A CPU that sleeps in the debugger goes on. Alone in the highest class of priorities with what is spurious, so that nothing
    /// else comes meanwhile. Boot/Layout.inc has it too.</summary>
    public const int DebuggerWake = 0xF0;

    public const int Spurious = 0xFF;
}
