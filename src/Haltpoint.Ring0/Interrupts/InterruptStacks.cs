namespace Haltpoint.Ring0.Interrupts;

/// <summary>Which exceptions get a stack of their own (SDM volume 3, section 6.14.5): those that may come when the current one is no good.</summary>
internal static class InterruptStacks
{
    public const int None = 0;
    public const int Nmi = 1;
    public const int DoubleFault = 2;
    public const int Debug = 3;
    public const int Count = 3;

    public static int IndexFor(int vector) => vector switch
    {
        Vectors.Nmi => Nmi,
        Vectors.DoubleFault => DoubleFault,
        Vectors.Debug => Debug,
        _ => None,
    };
}
