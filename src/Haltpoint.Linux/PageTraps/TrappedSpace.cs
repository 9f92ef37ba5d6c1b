using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Linux.PageTraps.Instructions;
using Haltpoint.Linux.PageTraps.SystemCalls;
using Haltpoint.PageTraps;

namespace Haltpoint.Linux.PageTraps;

/// <summary>The page traps of one address space: what is asked for, what is armed, and what of ours is in it.</summary>
/// <remarks>
/// On the ptrace thread. The contents of an armed page are at its home, somewhere else in the same address space; where the program
/// knows the page, nothing can be accessed. Whoever reads or writes the process's memory from outside goes through <see cref="Locate"/>.
/// </remarks>
internal sealed unsafe class TrappedSpace : IDisposable
{
    /// <summary>Bytes of code at the beginning of the scratch area.</summary>
    public const ulong CodeLength = 1 << 16;

    /// <summary>Bytes behind the code, for what system calls are given in place of the program's own structures.</summary>
    public const ulong DataLength = 1 << 26;

    private const int ProbeCapacity = 1 << 14;
    private const int RunCapacity = 1 << 14;
    private const int DepartedCapacity = 64;

    private readonly Probe* _probeEntries = Allocate<Probe>(ProbeCapacity);
    private readonly TrappedRun* _runEntries = Allocate<TrappedRun>(RunCapacity);
    private readonly DepartedRun* _departedEntries = Allocate<DepartedRun>(DepartedCapacity);

    private readonly List<ArmedRange> _ranges = [];
    private ulong _rangesVersion;

    public PageTrapTable Table;

    public TrappedSpace() =>
        Table = new PageTrapTable(
            _probeEntries, ProbeCapacity, _runEntries, RunCapacity, _departedEntries, DepartedCapacity, (ulong)Environment.SystemPageSize);

    /// <summary>Active probes by their number in the table.</summary>
    public Dictionary<int, PageProbe> Probes { get; } = [];

    /// <summary>A <c>syscall</c> instruction in the process; 0 until one was looked for.</summary>
    public ulong SystemCallInstruction { get; set; }

    /// <summary>An area of ours in the process: code, then data; 0 when there is none.</summary>
    public ulong Scratch { get; set; }

    public ScratchCode Code { get; } = new();

    public ScratchData Data { get; } = new();

    /// <summary>What the program does at the signals of faults and traps, which is ours while pages are armed.</summary>
    public ProgramActions Actions { get; } = new();

    /// <summary>Pages that the kernel came to access by itself after they had been armed.</summary>
    public List<SkippedPages> Kept { get; } = [];

    /// <summary>Borders of armed runs at which the kernel has two mappings that look like one.</summary>
    public HashSet<ulong> Edges { get; } = [];

    /// <summary>The armed runs as system calls have to know them; open ones are where the program knows them.</summary>
    public ReadOnlySpan<ArmedRange> Ranges
    {
        get
        {
            if (_rangesVersion != Table.Version)
            {
                _rangesVersion = Table.Version;
                _ranges.Clear();
                for (int i = 0; i < Table.RunCount; i++)
                {
                    TrappedRun run = Table.RunAt(i);
                    if (!run.IsOpen)
                    {
                        _ranges.Add(new ArmedRange(run.Start, run.End, run.Distance()));
                    }
                }
            }

            return CollectionsMarshal.AsSpan(_ranges);
        }
    }

    public HomeFinder Homes { get; } = new();

    public InstructionCache Instructions { get; } = new();

    /// <summary>System calls that are under way and were given addresses of homes: the kernel may access those at any time.</summary>
    public int TranslatedCalls { get; set; }

    public bool IsArmed => Table.RunCount > 0;

    /// <summary>System calls have to be followed: they may touch what is armed, or make memory that is to be.</summary>
    public bool IsActive => Table.ProbeCount > 0 || IsArmed;

    /// <summary>Where the bytes at an address are now.</summary>
    /// <param name="address">As the program knows it.</param>
    /// <param name="length">In: how many bytes; out: how many of them lie together there.</param>
    public ulong Locate(ulong address, ref ulong length)
    {
        if (!Table.TryFindRun(address, length, out TrappedRun run))
        {
            return address;
        }

        if (run.Start > address)
        {
            length = run.Start - address;
            return address;
        }

        length = Math.Min(length, run.End - address);
        return run.IsOpen ? address : address + run.Distance();
    }

    /// <summary>Whether nobody but the threads we hold can change the bytes.</summary>
    public bool IsExact(ulong address, ulong length) =>
        TranslatedCalls == 0 && (!Table.TryFindRun(address, length, out TrappedRun run) || !run.Has(RunTraits.Shared));

    /// <summary>Whether an address is of ours: in the scratch area, or the home of an armed page.</summary>
    public bool IsOurs(ulong address) =>
        (Scratch != 0 && address - Scratch < CodeLength + DataLength) || TryFindByHome(address, out _);

    /// <summary>The program's name for an address at a home.</summary>
    public bool TryFindByHome(ulong address, out ulong original)
    {
        for (int i = 0; i < Table.RunCount; i++)
        {
            TrappedRun run = Table.RunAt(i);
            original = address - run.Distance();
            if (run.Contains(original))
            {
                return true;
            }
        }

        original = 0;
        return false;
    }

    public void Dispose()
    {
        NativeMemory.Free(_probeEntries);
        NativeMemory.Free(_runEntries);
        NativeMemory.Free(_departedEntries);
    }

    // The system hands out the pages of a block this large only as they are touched.
    private static T* Allocate<T>(int count)
        where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));
}
