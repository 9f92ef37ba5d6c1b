namespace Haltpoint.Ring0.Tasks;

/// <summary>The signals there are; no task can handle one: its tracer is told, or it ends.</summary>
internal static class Signals
{
    public const int IllegalInstruction = 4;
    public const int Trap = 5;
    public const int FloatingPoint = 8;
    public const int Kill = 9;
    public const int Segment = 11;
    public const int Stop = 19;
}
