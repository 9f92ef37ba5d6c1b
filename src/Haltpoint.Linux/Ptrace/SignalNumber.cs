namespace Haltpoint.Linux.Ptrace;

/// <summary>The signals that the engine itself sends or tells apart (asm/signal.h).</summary>
internal static class SignalNumber
{
    public const int Interrupt = 2;
    public const int Illegal = 4;
    public const int Trap = 5;
    public const int Bus = 7;
    public const int FloatingPoint = 8;
    public const int Kill = 9;
    public const int Segment = 11;
    public const int Pipe = 13;
    public const int Child = 17;
    public const int Continue = 18;
    public const int Stop = 19;
    public const int Last = 64;
}
