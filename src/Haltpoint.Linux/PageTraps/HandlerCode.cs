using System;

namespace Haltpoint.Linux.PageTraps;

/// <summary>Code in the scratch area that is the process's handler of faults and traps while pages are armed. It returns, and the instruction is executed again.</summary>
/// <remarks>
/// The tracer takes each of those signals, so nobody executes it: but for a thread whose signal the tracer had not taken when it was killed.
/// </remarks>
internal static class HandlerCode
{
    /// <summary>Slots of <see cref="ScratchCode"/> that it takes, before those of <see cref="DeviceStubs"/>.</summary>
    public const int Slots = 1;

    /// <summary>Where it is in the scratch area.</summary>
    public const ulong Offset = TrappedSpace.CodeLength - ((DeviceStubs.Slots + Slots) * ScratchCode.SlotLength);

    /// <summary>Of the siginfo_t in a handler's frame (struct rt_sigframe of arch/x86/include/asm/sigframe.h).</summary>
    public const int FrameInfo = 312;

    /// <summary>Of the mask in it that its return sets.</summary>
    public const int FrameMask = 304;

    private const int RestorerOffset = 1;
    private const int Length = 8;

    /// <summary>As it is in the scratch area.</summary>
    public static ReadOnlySpan<byte> Code =>
    [
        0xC3, // ret
        0xB8, (byte)CallNumber.SignalReturn, 0, 0, 0, // mov eax, ...
        0x0F, 0x05, // syscall
    ];

    /// <summary>The action of which it is the handler: nothing is blocked by it, and it runs where a handler of the program would.</summary>
    public static SignalAction Action(ulong scratch) => new()
    {
        Handler = scratch + Offset,
        Restorer = scratch + Offset + RestorerOffset,
        Flags = SignalAction.InformationFlag | SignalAction.RestorerFlag | SignalAction.OnStackFlag | SignalAction.NoDeferFlag,
    };

    /// <summary>The frame of a thread that is in it.</summary>
    /// <returns>False for one that is not.</returns>
    public static bool TryFindFrame(ulong scratch, ulong instructionPointer, ulong stackPointer, out ulong frame)
    {
        ulong offset = instructionPointer - scratch - Offset;
        frame = offset == 0 ? stackPointer : stackPointer - sizeof(ulong);
        return offset < Length;
    }
}
