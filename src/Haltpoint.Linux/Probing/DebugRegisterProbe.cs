using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.Probing;

/// <summary>Has a stopped child write to bytes that one debug register watches, for each register on each CPU.</summary>
/// <remarks>
/// On the thread that traces the child; the child's code and stack are overwritten, so it can only be killed afterwards.
/// Measured, since some hypervisors accept the registers and never deliver the trap, and not alike on all CPUs.
/// </remarks>
internal sealed unsafe class DebugRegisterProbe(int child)
{
    public const int SlotCount = 4;

    private const int ControlRegister = 7;
    private const int StatusRegister = 6;

    // sys/user.h: u_debugreg, regs.rip and regs.rsp.
    private const ulong DebugRegistersOffset = 848;
    private const ulong ProgramCounterOffset = 16 * 8;
    private const ulong StackPointerOffset = 19 * 8;
    private const int WordLength = 8;

    // mov [rsp], rax; int3: with a working register the first traps, without it the second.
    private const ulong Code = 0xCC_24048948;

    /// <returns>One entry for each CPU the child may run on.</returns>
    public IReadOnlyList<CpuSlots> Measure()
    {
        List<CpuSlots> all = [];
        ulong start = Peek(ProgramCounterOffset);
        ulong watched = Peek(StackPointerOffset);
        Libc.Ptrace(TraceRequest.PokeData, child, start, (void*)Code);
        foreach (int cpu in OnlineCpus.Read())
        {
            if (TryMoveTo(cpu))
            {
                all.Add(new CpuSlots(cpu, MeasureHere(start, watched)));
            }
        }

        return all;
    }

    private List<int> MeasureHere(ulong start, ulong watched)
    {
        List<int> working = [];
        for (int slot = 0; slot < SlotCount; slot++)
        {
            Poke(ProgramCounterOffset, start);
            Poke(DebugRegister(StatusRegister), DebugStatus.Reset);
            ulong control = default(DebugControl).Arm(slot, AccessKind.Write, WordLength).Bits;
            if (Poke(DebugRegister(slot), watched) && Poke(DebugRegister(ControlRegister), control) && Stops())
            {
                DebugStatus status = new(Peek(DebugRegister(StatusRegister)));
                if (status.HitSlots == 1 << slot)
                {
                    working.Add(slot);
                }
            }

            Poke(DebugRegister(ControlRegister), 0);
        }

        return working;
    }

    private bool Stops()
    {
        if (Libc.Ptrace(TraceRequest.Continue, child, 0, null) != 0)
        {
            return false;
        }

        int word;
        while (Libc.Wait4(child, &word, Libc.WaitOwnTracees, null) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                return false;
            }
        }

        return new WaitStatus(word).IsStopped;
    }

    private bool TryMoveTo(int cpu)
    {
        const int BitsPerWord = 64;
        ulong* set = stackalloc ulong[(cpu / BitsPerWord) + 1];
        set[cpu / BitsPerWord] = 1ul << (cpu % BitsPerWord);
        return Libc.SetAffinity(child, (nuint)(((cpu / BitsPerWord) + 1) * sizeof(ulong)), set) == 0;
    }

    private ulong Peek(ulong offset)
    {
        ulong value = 0;
        Libc.Ptrace(PtraceRequest.PeekUser, child, offset, &value);
        return value;
    }

    private bool Poke(ulong offset, ulong value) => Libc.Ptrace(PtraceRequest.PokeUser, child, offset, (void*)value) == 0;

    private static ulong DebugRegister(int register) => DebugRegistersOffset + ((ulong)register * sizeof(ulong));
}
