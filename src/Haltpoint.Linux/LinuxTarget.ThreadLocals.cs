using Haltpoint.Linux.Objects;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Registers;
using Haltpoint.Linux.ThreadLocals;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IThreadLocals.
public readonly partial struct LinuxTarget
{
    public static bool CanLocate => true;

    public static TargetStatus LocateThreadLocal(ref LinuxTarget self, ThreadId thread, ulong offset, ulong linkMap, out ulong address)
    {
        address = 0;
        if (self._session.Find(thread) is not { State: TraceeState.Stopped } tracee)
        {
            return TargetStatus.NoSuchThread;
        }

        ProgramImage program = ProgramOf(tracee);
        if (linkMap != 0)
        {
            program.ThreadLocals ??= ThreadLocalLayout.Find(program, $"/proc/{tracee.Thread}/root");
        }

        if (!tracee.Registers.TryRead(program.Is64Bit ? UserRegister.FsBase : UserRegister.GsBase, out ulong threadPointer))
        {
            return TargetStatus.NoSuchThread;
        }

        if (!ThreadLocalBlocks.TryFind(program, program.ThreadLocals, threadPointer, linkMap, out ulong block, out string refusal))
        {
            return self._session.Refuse(TargetStatus.Refused, refusal);
        }

        address = block + offset;
        return TargetStatus.Ok;
    }
}
