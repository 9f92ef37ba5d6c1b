using System;
using Haltpoint.Arch.X86;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Registers;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IRegisters.
public readonly partial struct LinuxTarget
{
    public static int ReadRegisters(ref LinuxTarget self, ThreadId thread, Span<byte> into, Span<ulong> available)
    {
        available.Fill(ulong.MaxValue);
        return TryFind(ref self, thread, out ThreadRegisters registers, out RegisterMap map) ? registers.ReadImage(map, into) : 0;
    }

    public static TargetStatus WriteRegisters(ref LinuxTarget self, ThreadId thread, ReadOnlySpan<byte> image) =>
        TryFind(ref self, thread, out ThreadRegisters registers, out RegisterMap map) ? Explain(registers.WriteImage(map, image)) : TargetStatus.NoSuchThread;

    public static int ReadRegister(ref LinuxTarget self, ThreadId thread, int number, Span<byte> into) =>
        TryFind(ref self, thread, out ThreadRegisters registers, out RegisterMap map) ? registers.ReadRegister(map, number, into) : 0;

    public static TargetStatus WriteRegister(ref LinuxTarget self, ThreadId thread, int number, ReadOnlySpan<byte> value) =>
        TryFind(ref self, thread, out ThreadRegisters registers, out RegisterMap map) ? Explain(registers.WriteRegister(map, number, value)) : TargetStatus.NoSuchThread;

    public static int RegisterImageLength(ref LinuxTarget self, ThreadId thread) =>
        TryFind(ref self, thread, out _, out RegisterMap map) ? map.ImageLength : 0;

    public static int BaseImageLength(ref LinuxTarget self, ThreadId thread) =>
        TryFind(ref self, thread, out _, out RegisterMap map) ? map.BaseImageLength : 0;

    public static bool TryLocateRegister(ref LinuxTarget self, ThreadId thread, int number, out int offset, out int length)
    {
        offset = 0;
        length = 0;
        if (!TryFind(ref self, thread, out _, out RegisterMap map) || !map.TryGetPlace(number, out RegisterPlace place))
        {
            return false;
        }

        offset = place.ImageOffset;
        length = place.Length;
        return true;
    }

    // rbp, rsp, rip; ebp, esp, eip.
    public static ReadOnlySpan<byte> ExpeditedRegisters(ref LinuxTarget self, ThreadId thread) =>
        TryFind(ref self, thread, out _, out RegisterMap map) && !map.Layout.Is64Bit ? [5, 4, 8] : [6, 7, 16];

    private static bool TryFind(ref LinuxTarget self, ThreadId thread, out ThreadRegisters registers, out RegisterMap map)
    {
        registers = null!;
        map = null!;
        if (self._session.Find(thread) is not { State: Ptrace.TraceeState.Stopped } tracee)
        {
            return false;
        }

        registers = tracee.Registers;
        map = registers.MapFor(ProgramOf(tracee).Is64Bit);
        return true;
    }

    private static TargetStatus Explain(int error) => error switch
    {
        0 => TargetStatus.Ok,
        Errno.ESRCH => TargetStatus.NoSuchThread,
        Errno.EINVAL => TargetStatus.BadArgument,
        _ => TargetStatus.InputOutput,
    };
}
