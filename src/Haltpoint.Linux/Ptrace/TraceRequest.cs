namespace Haltpoint.Linux.Ptrace;

/// <summary>The requests that start, stop and ask (linux/ptrace.h).</summary>
internal static class TraceRequest
{
    public const long PokeData = 5;
    public const long Continue = 7;
    public const long SingleStep = 9;
    public const long Detach = 17;
    public const long SystemCall = 24;
    public const long SetOptions = 0x4200;
    public const long GetEventMessage = 0x4201;
    public const long GetSignalInfo = 0x4202;
    public const long SetSignalInfo = 0x4203;
    public const long Seize = 0x4206;
    public const long Interrupt = 0x4207;
    public const long Listen = 0x4208;
    public const long PeekSignalInfo = 0x4209;
    public const long GetSignalMask = 0x420A;
    public const long SetSignalMask = 0x420B;
    public const long GetSyscallInfo = 0x420E;
    public const long GetRseqConfiguration = 0x420F;
}
