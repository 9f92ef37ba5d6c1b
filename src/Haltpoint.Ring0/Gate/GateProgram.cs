using System;
using System.Runtime.InteropServices;
using Haltpoint.Targets;

namespace Haltpoint.Ring0.Gate;

/// <summary>Roots of the compilation: what they reach is what the gate sees, so every generic type of Core is instantiated from here.</summary>
/// <remarks>
/// Built twice and run on the same input: with .NET inside eng/Ring0Gate, and by ILC as a program without a run time.
/// The answers have to be the same byte for byte.
/// </remarks>
public static unsafe class GateProgram
{
    private static LeastTarget s_target;
    private static FullTarget s_full;

    /// <returns>Bytes of <paramref name="output"/> used, or -1.</returns>
    [UnmanagedCallersOnly(EntryPoint = "gate_run")]
    public static int Run(byte* input, int length, byte* output, int capacity)
    {
        FullTarget.Insert(ref s_full, default, Haltpoint.Breakpoints.BreakpointKind.WriteWatch, 0x1000, 4, default, default, false);
        TargetStatus status = LeastTarget.WriteMemory(ref s_target, ThreadId.None, 0x1000, new ReadOnlySpan<byte>(input, length));
        if (status != TargetStatus.Ok || capacity < sizeof(ulong))
        {
            return -1;
        }

        *(ulong*)output = SlotPoolProbe.Run();
        Span<byte> rest = new(output + sizeof(ulong), Math.Min(length, capacity - sizeof(ulong)));
        return sizeof(ulong) + LeastTarget.ReadMemory(ref s_target, ThreadId.None, 0x1000, rest);
    }
}
