namespace Haltpoint.Ring0.Threads;

/// <summary>The state in which a thread's arithmetic begins.</summary>
internal static unsafe class FloatingPoint
{
    private const ushort ControlWord = 0x037F; // all masked, extended precision (SDM volume 1, section 8.1.5)
    private const uint Mxcsr = 0x1F80; // all masked (SDM volume 1, section 10.2.3)
    private const int MxcsrOffset = 24;

    /// <summary>An area of FXSAVE64, cleared before.</summary>
    public static void Initialise(byte* state)
    {
        *(ushort*)state = ControlWord;
        *(uint*)(state + MxcsrOffset) = Mxcsr;
    }
}
