using System;
using System.Collections.Generic;
using System.Diagnostics;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Watching;

public sealed unsafe partial class MemoryWatch
{
    /// <summary>Watches memory of a running process.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="what">An address, <c>symbol</c>, <c>symbol+8</c>, <c>symbol.member[3]</c>, <c>file.c:variable</c> or <c>library.so:symbol</c>.</param>
    /// <param name="options">How; null for all writes.</param>
    /// <exception cref="WatchException">It cannot be had; the message says why.</exception>
    public static MemoryWatch OnProcess(int process, string what, WatchOptions? options = null)
    {
        options ??= new WatchOptions();
        if (Threads(process).Count == 0)
        {
            throw WatchRefusals.Explain(new PerfRefusal(PerfStatus.NoThread, process, -1, 0), process, 0);
        }

        using ProcessModules modules = new(process);
        return Arm(modules, WatchLocation.Find(modules, what, options), options, isStopped: false);
    }

    /// <summary>Watches bytes of a running process.</summary>
    /// <exception cref="WatchException">It cannot be had; the message says why.</exception>
    public static MemoryWatch OnProcess(int process, ulong address, int length, WatchOptions? options = null) =>
        OnProcess(process, $"0x{address:x}", (options ?? new WatchOptions()) with { Length = length });

    /// <param name="modules">The process.</param>
    /// <param name="location">Where in it.</param>
    /// <param name="options">How.</param>
    /// <param name="isStopped">Whether nothing can write before this returns.</param>
    private static MemoryWatch Arm(ProcessModules modules, WatchLocation location, WatchOptions options, bool isStopped)
    {
        int process = modules.Process;
        int free = CountFree(process, options, out string holders);
        WatchPlan plan = CreatePlan(WatchPieces.Split(location, options.Access, free, holders), options);
        MemoryWatch watch = new(location, plan, OnlineCpus.Read(), options.Stacks) { ProcessId = process };
        try
        {
            watch.AddEvents(process, location.Address, options);
            // Before the events count: the runtime lists what it has compiled, which takes its time.
            watch._managedNames = ManagedNames.SwitchOn(process);
            watch.AddNotes(modules);
            watch.Start(process, isStopped, options.Access);
            return watch;
        }
        catch
        {
            watch.Dispose();
            throw;
        }
    }

    private static WatchPlan CreatePlan(WatchPiece[] pieces, WatchOptions options)
    {
        int stack = options.Stacks ? StackBytes : options.KernelWrites ? CallerBytes : 0;
        return new WatchPlan
        {
            Pieces = pieces,
            Access = options.Access,
            IncludeKernel = options.KernelWrites,
            KernelStack = options.Stacks && options.KernelWrites,
            StackBytes = stack,
            Follow = options.Threads is null,
        };
    }

    private static int CountFree(int process, WatchOptions options, out string holders)
    {
        int thread = options.Threads is { Count: > 0 } threads ? threads[0] : process;
        PerfStatus status = SlotProbe.Count(thread, -1, out int free);
        if (status != PerfStatus.Ok)
        {
            throw WatchRefusals.Explain(new PerfRefusal(status, thread, -1, 0), process, 0);
        }

        holders = free < WatchPieces.MostSlots ? SlotHolders.Describe(process) : "";
        return free;
    }

    private void AddEvents(int process, ulong address, WatchOptions options)
    {
        if (options.Threads is not null)
        {
            foreach (int thread in options.Threads)
            {
                Require(Threads(process).Contains(thread)
                    ? _events.AddThread(thread)
                    : throw new WatchException($"process {process} has no thread {thread}; /proc/{process}/task lists them"));
            }

            return;
        }

        Require(_events.AddProcess(process));
        foreach (int child in ProcessTree.ChildrenSharing(process, address))
        {
            PerfRefusal refusal = _events.AddProcess(child, late: true);
            if (refusal.Status != PerfStatus.NoThread)
            {
                Require(refusal);
            }
        }

        void Require(PerfRefusal refusal)
        {
            if (!refusal.IsOk)
            {
                throw WatchRefusals.Explain(refusal, process, _events.Count);
            }
        }
    }

    private void AddNotes(ProcessModules modules)
    {
        if (_managedNames is null)
        {
            _notes.AddRange(WatchNotes.About(modules));
        }
        else if (_managedNames.Problem is { } problem)
        {
            _notes.Add(problem);
        }
    }

    private void Start(int process, bool isStopped, AccessKind access)
    {
        WatchedProcess watched = _resolver.AddProcess(process);
        if (access != AccessKind.Execute)
        {
            // So that the code which explains hits is ready before they come in numbers.
            _ = watched.Image.Locate(Address, 0);
        }

        _events.Enable();
        foreach (ValueTracker tracker in watched.Values)
        {
            if (watched.Memory.TryReadValue(tracker.Start, tracker.Length, out ulong value))
            {
                tracker.Begin(value, isStopped ? 0 : Stopwatch.GetTimestamp());
            }
        }

        _reader.Start();
    }

    private static List<int> Threads(int process)
    {
        List<int> threads = [];
        TaskList.Read(process, threads);
        return threads;
    }
}
