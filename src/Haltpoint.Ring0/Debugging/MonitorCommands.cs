using System;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Logging;
using Haltpoint.Ring0.Shell;
using Haltpoint.Ring0.Text;
using Haltpoint.Ring0.Threads;
using Haltpoint.Ring0.Watchdogs;

namespace Haltpoint.Ring0.Debugging;

/// <summary>What a person can ask of the stopped machine with gdb's <c>monitor</c>.</summary>
internal static unsafe class MonitorCommands
{
    /// <param name="command">As typed.</param>
    /// <param name="into">For the answer.</param>
    /// <param name="hasFailed">The answer says why nothing was done.</param>
    /// <returns>Bytes of the answer; what goes beyond the room is cut off.</returns>
    public static int Run(ReadOnlySpan<byte> command, Span<byte> into, out bool hasFailed)
    {
        TextBuffer answer = new(into);
        hasFailed = false;
        if (command.SequenceEqual("cpus"u8))
        {
            ListCpus(ref answer);
        }
        else if (command.SequenceEqual("slots"u8))
        {
            ListSlots(ref answer);
        }
        else if (command.SequenceEqual("threads"u8))
        {
            ListThreads(ref answer);
        }
        else if (command.SequenceEqual("dmesg"u8))
        {
            answer.Length += ReadLog(into);
        }
        else if (command.SequenceEqual("view threads"u8) || command.SequenceEqual("view cpus"u8))
        {
            MachineThreads.ShowsThreads = command.SequenceEqual("view threads"u8);
            answer.Add($"gdb now lists {(MachineThreads.ShowsThreads ? "the CPUs, and the threads that are on none"u8 : "the CPUs"u8)}\n");
        }
        else if (command.StartsWith("master "u8))
        {
            hasFailed = !TryHandOver(ref answer, command["master "u8.Length..]);
        }
        else if (command.SequenceEqual("watchdogs"u8))
        {
            WatchdogReport.Write(ref answer);
        }
        else
        {
            if (!command.SequenceEqual("help"u8))
            {
                hasFailed = true;
                answer.Add($"no command '{command}'\n");
            }

            Help(ref answer);
        }

        return answer.Length;
    }

    private static void Help(ref TextBuffer answer)
    {
        answer.Add($"cpus          what each CPU does, and who does not answer\n");
        answer.Add($"master N      CPU N does the debugger's work from here on\n");
        answer.Add($"slots         debug registers: what is set, and how many are free on each CPU\n");
        answer.Add($"threads       the kernel's threads\n");
        answer.Add($"view threads  gdb lists the threads that are on no CPU, too\n");
        answer.Add($"view cpus     gdb lists the CPUs alone\n");
        answer.Add($"dmesg         what the kernel has said\n");
        answer.Add($"watchdogs     what they would make of this stop\n");
    }

    private static bool TryHandOver(ref TextBuffer answer, ReadOnlySpan<byte> number)
    {
        int cpu = Commands.Number(number);
        bool isCpu = cpu > 0 || number.SequenceEqual("0"u8);
        if (isCpu && Resumption.TryChooseHeir(cpu))
        {
            answer.Add($"the mastership goes to CPU {cpu}\n");
            return true;
        }

        answer.Add($"CPU {number} is master already, does not answer, or is not there\n");
        return false;
    }

    private static void ListCpus(ref TextBuffer answer)
    {
        answer.Add($"{Debugger.Roundup.Masters} by an exception of their own, {Debugger.Roundup.Slaves} rounded up\n");
        for (int i = 0; i < CpuTable.Count; i++)
        {
            Cpu* cpu = CpuTable.At(i);
            ReadOnlySpan<byte> state = !Debugger.Roundup.IsOnline(i) ? "offline"u8
                : i == Debugger.Roundup.Active ? "master"u8
                : Debugger.Roundup.IsStopped(i) ? "held"u8 : "does not answer"u8;
            answer.Add($"CPU {i,2} {state,-15} thread {(cpu->Current == null ? 0 : cpu->Current->Id),3} {(cpu->Current == null ? default : cpu->Current->Name)}\n");
        }

        for (int i = 0; i < CpuTable.Count; i++)
        {
            int removed = Debugger.Roundup.TakeRemoved(i, out ulong address);
            if (removed > 0)
            {
                answer.Add($"CPU {i} ran into {removed} breakpoint(s) inside the debugger and removed them, the last at {address:x16}\n");
            }
        }
    }

    private static void ListSlots(ref TextBuffer answer)
    {
        int cursor = 0;
        while (Debugger.Pool.TryNext(ref cursor, SlotWait.Never, out SlotId id, out SlotRequest request) == SlotStatus.Ok)
        {
            ReadOnlySpan<byte> access = request.Access switch
            {
                AccessKind.Execute => "execute"u8,
                AccessKind.Write => "write"u8,
                _ => "access"u8,
            };
            ReadOnlySpan<byte> owner = Debugger.Slots.TryFind(id, out _) ? "debugger"u8 : "kernel"u8;
            answer.Add($"{access,-8} {request.Address:x16} {request.Length} bytes, {owner}\n");
        }

        for (int cpu = 0; cpu < CpuTable.Count; cpu++)
        {
            if (Debugger.Slots.CountFree(cpu, out int free) == SlotStatus.Ok)
            {
                answer.Add($"CPU {cpu,2}: {free} of {DebugControl.SlotCount} free\n");
            }
            else
            {
                answer.Add($"CPU {cpu,2}: not known, a stopped CPU is handing out debug registers\n");
            }
        }

        ListRefusal(ref answer);
    }

    private static void ListThreads(ref TextBuffer answer)
    {
        for (int i = 0; i < ThreadTable.Capacity; i++)
        {
            KernelThread* thread = ThreadTable.At(i);
            if (thread->State != ThreadState.Free)
            {
                answer.Add($"{thread->Id,3} {thread->Name,-16} {ThreadList.StateName(thread->State),-9} CPU {thread->Cpu->Index}\n");
            }
        }
    }

    private static void ListRefusal(ref TextBuffer answer)
    {
        if (!MachineTarget.LastRefusal.IsEmpty)
        {
            answer.Add($"last refusal: {MachineTarget.LastRefusal}\n");
        }
    }

    // The end of the log, as much as there is room for.
    private static int ReadLog(Span<byte> into)
    {
        ulong end = 0;
        while (Log.Read(ref end, into) == into.Length)
        {
        }

        ulong start = end > (ulong)into.Length ? end - (ulong)into.Length : 0;
        return Log.Read(ref start, into);
    }
}
