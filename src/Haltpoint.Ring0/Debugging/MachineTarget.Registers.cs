using System;
using Haltpoint.Arch.X86;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Targets;

namespace Haltpoint.Ring0.Debugging;

internal unsafe partial struct MachineTarget
{
    private const int FramePointer = 6;

    public static int ReadRegisters(ref MachineTarget self, ThreadId thread, Span<byte> into, Span<ulong> available)
    {
        InterruptFrame* frame = MachineThreads.FrameOf(thread);
        if (frame == null)
        {
            return 0;
        }

        for (int number = 0; number < FrameRegisters.Count; number++)
        {
            RegisterPlace place = FrameRegisters.PlaceOf(number);
            FrameRegisters.Read(frame, PerCpu(thread), number, into.Slice(place.ImageOffset, place.Length));
        }

        return FrameRegisters.ImageLength;
    }

    public static TargetStatus WriteRegisters(ref MachineTarget self, ThreadId thread, ReadOnlySpan<byte> image)
    {
        InterruptFrame* frame = MachineThreads.FrameOf(thread);
        if (frame == null)
        {
            return TargetStatus.NoSuchThread;
        }

        if (image.Length > FrameRegisters.ImageLength)
        {
            return TargetStatus.BadArgument;
        }

        for (int number = 0; number < FrameRegisters.Count; number++)
        {
            RegisterPlace place = FrameRegisters.PlaceOf(number);
            if (place.ImageOffset + place.Length <= image.Length)
            {
                FrameRegisters.TryWrite(frame, number, image.Slice(place.ImageOffset, place.Length));
            }
        }

        return TargetStatus.Ok;
    }

    public static int ReadRegister(ref MachineTarget self, ThreadId thread, int number, Span<byte> into)
    {
        InterruptFrame* frame = MachineThreads.FrameOf(thread);
        if ((uint)number >= (uint)FrameRegisters.Count)
        {
            return 0;
        }

        if (frame == null)
        {
            return IsAlive(ref self, thread) ? -1 : 0;
        }

        FrameRegisters.Read(frame, PerCpu(thread), number, into);
        return FrameRegisters.PlaceOf(number).Length;
    }

    public static TargetStatus WriteRegister(ref MachineTarget self, ThreadId thread, int number, ReadOnlySpan<byte> value)
    {
        InterruptFrame* frame = MachineThreads.FrameOf(thread);
        if (frame == null)
        {
            return TargetStatus.NoSuchThread;
        }

        bool isKnown = (uint)number < (uint)FrameRegisters.Count && value.Length == FrameRegisters.PlaceOf(number).Length;
        return isKnown && FrameRegisters.TryWrite(frame, number, value) ? TargetStatus.Ok : TargetStatus.BadArgument;
    }

    public static int RegisterImageLength(ref MachineTarget self, ThreadId thread) => FrameRegisters.ImageLength;

    public static bool TryLocateRegister(ref MachineTarget self, ThreadId thread, int number, out int offset, out int length)
    {
        bool isKnown = (uint)number < (uint)FrameRegisters.Count;
        RegisterPlace place = isKnown ? FrameRegisters.PlaceOf(number) : default;
        offset = place.ImageOffset;
        length = place.Length;
        return isKnown;
    }

    public static ReadOnlySpan<byte> ExpeditedRegisters(ref MachineTarget self, ThreadId thread) =>
        [FramePointer, FrameRegisters.StackPointer, FrameRegisters.ProgramCounter];

    public static bool HasObject(ObjectKind kind) => kind == ObjectKind.Features;

    public static int ReadObject(
        ref MachineTarget self, ThreadId thread, ObjectKind kind, ReadOnlySpan<byte> annex, ulong offset, Span<byte> into)
    {
        if (kind != ObjectKind.Features || !annex.SequenceEqual("target.xml"u8))
        {
            return -1;
        }

        Span<byte> description = new(DebugStorage.At->Text, DebugStorage.TextLength);
        int length = TargetDescription.Write(FrameRegisters.Layout, description);
        if (offset >= (ulong)length)
        {
            return 0;
        }

        return Copy(description[(int)offset..length], into);
    }

    private static ulong PerCpu(ThreadId thread)
    {
        int cpu = MachineThreads.CpuOf(thread);
        return cpu >= 0 ? (ulong)CpuTable.At(cpu) : 0;
    }
}
