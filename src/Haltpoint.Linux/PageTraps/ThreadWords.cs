using System.Collections.Generic;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.PageTraps;

/// <summary>Memory of a thread that the kernel accesses without being called: on the way back to the program, and when the thread ends.</summary>
/// <remarks>
/// A restartable sequence's area is written after each preemption, and a thread that has none mapped there is killed (rseq(2)). The
/// word that is cleared and woken when a thread ends, and the list of robust futexes, are passed over in silence: whoever
/// joins the thread waits for ever. C libraries keep all three in the control block that the fs base points at.
/// </remarks>
internal static unsafe class ThreadWords
{
    // Of glibc's and musl's control block, what the kernel may hold an address of.
    private const ulong ControlBlock = 0x340;
    private const ulong RobustHead = 24;

    /// <summary>Adds the ranges that must stay where they are.</summary>
    public static void Collect(Tracee tracee, List<(ulong Start, ulong End, int Thread)> into)
    {
        if (tracee.State != TraceeState.Stopped)
        {
            return;
        }

        if (tracee.Registers.TryRead(UserRegister.FsBase, out ulong block) && block != 0)
        {
            into.Add((block, block + ControlBlock, tracee.Thread));
        }

        RseqConfiguration rseq = default;
        if (tracee.AskForCount(TraceRequest.GetRseqConfiguration, (void*)sizeof(RseqConfiguration), &rseq) > 0 && rseq.Address != 0)
        {
            into.Add((rseq.Address, rseq.Address + rseq.Size, tracee.Thread));
        }

        if (Libc.TryGetRobustList(tracee.Thread, out ulong head))
        {
            into.Add((head, head + RobustHead, tracee.Thread));
        }
    }

    /// <summary>struct ptrace_rseq_configuration (linux/ptrace.h).</summary>
    private struct RseqConfiguration
    {
        public ulong Address;
        public uint Size;
        public uint Signature;
        public uint Flags;
        public uint Padding;
    }
}
