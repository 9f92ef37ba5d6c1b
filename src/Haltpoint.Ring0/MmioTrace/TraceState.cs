using System.Threading;
using Haltpoint.Arch.X86;
using Haltpoint.Locks;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.MmioTrace;

/// <summary>What a CPU holds back while it makes an access for somebody, so that the access is done in one piece.</summary>
/// <remarks>
/// The lock is one for all CPUs: accesses to armed pages happen one after the other, so an atomic instruction is atomic towards all
/// others, and their records have one order. An NMI in between could make an access of its own and wait for a lock that its own CPU
/// holds; it is held back and sent again. A debug exception in between is the interrupted program's, and is told to it afterwards.
/// </remarks>
internal unsafe struct TraceState
{
    private static int s_lock;

    public int IsInside;
    public int HeldNmis;

    /// <summary>DR6's bits of debug exceptions that came inside.</summary>
    public ulong HeldDebugStatus;

    /// <summary>An exception that the relocated instruction made: its vector plus one.</summary>
    public ulong Fault;
    public ulong FaultCode;
    public ulong FaultAddress;

    /// <summary>Called with interrupts off, from the caller's own CPU.</summary>
    public static void Enter(Cpu* cpu)
    {
        Volatile.Write(ref cpu->Trace.IsInside, 1);
        WordLock.Enter(ref s_lock);
    }

    public static void Exit(Cpu* cpu)
    {
        WordLock.Exit(ref s_lock);
        Volatile.Write(ref cpu->Trace.IsInside, 0);
        if (Volatile.Read(ref cpu->Trace.HeldNmis) != 0)
        {
            cpu->Trace.HeldNmis = 0;
            LocalApic.SendNmi(cpu->ApicId);
        }
    }

    /// <summary>Takes what comes in between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    /// <returns>False for everything else.</returns>
    public static bool TryHold(Cpu* cpu, InterruptFrame* frame)
    {
        if (Volatile.Read(ref cpu->Trace.IsInside) == 0)
        {
            return false;
        }

        switch (frame->Vector)
        {
            case Vectors.Nmi:
                Volatile.Write(ref cpu->Trace.HeldNmis, 1);
                return true;
            case Vectors.Debug:
                cpu->Trace.HeldDebugStatus |= Instructions.ReadDebugRegister(6) & 0xF;
                Instructions.WriteDebugRegister(6, DebugStatus.Reset);
                return true;
            default:
                if (!PreparedCode.Contains(cpu, frame->Rip))
                {
                    return false;
                }

                cpu->Trace.Fault = frame->Vector + 1;
                cpu->Trace.FaultCode = frame->ErrorCode;
                cpu->Trace.FaultAddress = Instructions.ReadFaultAddress();

                // As if the code had returned.
                frame->Rip = *(ulong*)frame->Rsp;
                frame->Rsp += sizeof(ulong);
                return true;
        }
    }
}
