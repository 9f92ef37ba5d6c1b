using System.Runtime;
using System.Runtime.CompilerServices;

namespace Haltpoint.Ring0.Cpu;

/// <summary>Instructions C# has no words for; the routines are in Instructions.S.</summary>
internal static unsafe class Instructions
{
    [RuntimeImport("*", "cpu_in8")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern byte In8(ushort port);

    [RuntimeImport("*", "cpu_out8")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Out8(ushort port, byte value);

    [RuntimeImport("*", "cpu_out32")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Out32(ushort port, uint value);
}
