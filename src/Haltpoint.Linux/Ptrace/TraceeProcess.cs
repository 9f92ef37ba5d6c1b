using System.Collections.Generic;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;

namespace Haltpoint.Linux.Ptrace;

/// <summary>One traced process: its threads, its memory, and what is to be armed in every thread.</summary>
internal sealed class TraceeProcess(int id, bool wasAttached, AddressSpace space)
{
    /// <summary>What the debugger inserted; <see cref="WantedDebugRegisters"/> is its image.</summary>
    public HardwareBreakpoints Hardware;

    /// <summary>What every thread's debug registers must hold before it runs an instruction.</summary>
    public DebugRegisterImage WantedDebugRegisters;

    public int Id => id;

    /// <summary>Attached to, not started by the server: it outlives the server.</summary>
    public bool WasAttached => wasAttached;

    public AddressSpace Space { get; set; } = space;

    /// <summary>In the order in which they were found; a first thread that has ended stays here until all are gone.</summary>
    public List<Tracee> Threads { get; } = [];

    public Dictionary<ulong, BreakpointActions> HardwareActions { get; } = [];

    /// <summary>System calls that are stops, none when empty meaning all; null when none is.</summary>
    public HashSet<int>? CaughtSyscalls { get; set; }

    public void Add(Tracee tracee)
    {
        tracee.IndexInProcess = Threads.Count;
        Threads.Add(tracee);
    }

    public void Remove(Tracee tracee)
    {
        Threads.RemoveAt(tracee.IndexInProcess);
        for (int i = tracee.IndexInProcess; i < Threads.Count; i++)
        {
            Threads[i].IndexInProcess = i;
        }
    }
}
