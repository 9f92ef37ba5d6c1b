using System;
using System.Collections.Generic;
using System.Diagnostics;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Watching;
using Haltpoint.Linux.Watchpoints;

namespace Haltpoint.Linux.Ptrace;

/// <summary>One traced process: its threads, its memory, and what is to be armed in every thread.</summary>
internal sealed class TraceeProcess(int id, bool wasAttached, AddressSpace space, WatchpointNumbers numbers) : IDisposable
{
    private ProcessImage? _image;

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

    public WatchpointTable Watchpoints { get; } = new(numbers);

    /// <summary>Of the hardware breakpoints, also of those for which a trap stands in.</summary>
    public Dictionary<ulong, BreakpointActions> HardwareActions { get; } = [];

    /// <summary>The kernel's action for SIGTRAP is to ignore it: a trap would change that.</summary>
    public bool IgnoresTraps { get; set; }

    /// <summary>Faults on trapped pages since the planner last looked.</summary>
    public int FaultsSincePlan { get; set; }

    /// <summary>System calls that are stops, none when empty meaning all; null when none is.</summary>
    public HashSet<int>? CaughtSyscalls { get; set; }

    /// <summary>Names a place in its code, as far as it was mapped when it was first asked or lately.</summary>
    public CodeFrame[] Locate(ulong address)
    {
        _image ??= new ProcessImage(id, wantsReads: false);
        return _image.Locate(address, Stopwatch.GetTimestamp());
    }

    /// <summary>It is another program now: what is known of its code is true no more.</summary>
    public void ForgetProgram()
    {
        _image?.Dispose();
        _image = null;
    }

    public void Dispose() => ForgetProgram();

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
