using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Breakpoints;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Memory and the traps in it. A process has one; a vfork child shares its parent's until it executes a program.</summary>
internal sealed unsafe class AddressSpace : IDisposable
{
    private const int TrapCapacity = 1 << 16;

    private readonly SoftwareBreakpoint* _entries;
    private readonly Dictionary<ulong, BreakpointActions> _actions = [];
    private SoftwareBreakpoints _traps;
    private TrapMemory _trapMemory;
    private int _users = 1;

    public AddressSpace(ProcessMemory memory)
    {
        Memory = memory;
        _trapMemory = new TrapMemory(memory);
        // The system hands out the pages of a block this large only as they are touched.
        _entries = (SoftwareBreakpoint*)NativeMemory.AllocZeroed(TrapCapacity, (nuint)sizeof(SoftwareBreakpoint));
        _traps = new SoftwareBreakpoints(_entries, TrapCapacity);
    }

    public ProcessMemory Memory { get; }

    public bool HasTraps => _traps.Count > 0;

    public AddressSpace Share()
    {
        _users++;
        return this;
    }

    /// <summary>Another process has a copy of the memory: the same traps are in it and have the same actions.</summary>
    public AddressSpace CopyFor(ProcessMemory memory)
    {
        AddressSpace copy = new(memory) { _traps = _traps };
        new ReadOnlySpan<SoftwareBreakpoint>(_entries, _traps.Count).CopyTo(new Span<SoftwareBreakpoint>(copy._entries, TrapCapacity));
        copy._traps = _traps.CopyTo(copy._entries, TrapCapacity);
        foreach (KeyValuePair<ulong, BreakpointActions> entry in _actions)
        {
            copy._actions.Add(entry.Key, entry.Value);
        }

        return copy;
    }

    public void Dispose()
    {
        if (--_users == 0)
        {
            Memory.Dispose();
            NativeMemory.Free(_entries);
        }
    }
}
