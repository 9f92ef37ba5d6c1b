using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Guarding;
using Haltpoint.Linux.Objects;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Memory and the traps in it. A process has one; a vfork child shares its parent's until it executes a program.</summary>
/// <remarks>On the ptrace thread. Everything that the server ever wrote into a process on its own account is in this table.</remarks>
internal sealed unsafe class AddressSpace : IDisposable
{
    private const int TrapCapacity = 1 << 16;

    private readonly SoftwareBreakpoint* _entries;
    private readonly Dictionary<ulong, BreakpointActions> _actions = [];
    private readonly Dictionary<ulong, TrapUsers> _users = [];
    private SoftwareBreakpoints _traps;
    private TrapMemory _memory;
    private int _owners = 1;

    public AddressSpace(ProcessMemory memory)
    {
        Memory = memory;
        _memory = new TrapMemory(memory);
        // The system hands out the pages of a block this large only as they are touched.
        _entries = (SoftwareBreakpoint*)NativeMemory.AllocZeroed(TrapCapacity, (nuint)sizeof(SoftwareBreakpoint));
        _traps = new SoftwareBreakpoints(_entries, TrapCapacity);
    }

    public ProcessMemory Memory { get; }

    /// <summary>Page traps; null until the first is asked for.</summary>
    public TrappedSpace? PageTraps { get; private set; }

    /// <summary>The program in it, once somebody asked.</summary>
    public ProgramImage? Program { get; set; }

    /// <summary>Where it is written down for the guardian what would have to be undone here; null when nothing would, or nobody could.</summary>
    public GuardedSpace? Guard { get; set; }

    public bool HasTraps => _traps.Count > 0;

    public bool IsShared => _owners > 1;

    public TrappedSpace NeedPageTraps() => Memory.Traps = PageTraps ??= new TrappedSpace();

    public AddressSpace Share()
    {
        _owners++;
        return this;
    }

    /// <summary>For a forked process: its copy of the memory has the same traps in it.</summary>
    public AddressSpace CopyFor(ProcessMemory memory)
    {
        AddressSpace copy = new(memory);
        copy._traps = _traps.CopyTo(copy._entries, TrapCapacity);
        foreach (KeyValuePair<ulong, BreakpointActions> entry in _actions)
        {
            copy._actions.Add(entry.Key, entry.Value);
            copy._users.Add(entry.Key, _users[entry.Key]);
        }

        // One that is out of memory for a step is out of the copy too.
        copy.PlantAll();
        return copy;
    }

    /// <summary>Takes over a trap that a server left, of which the covered byte is known.</summary>
    public void Adopt(ulong address, byte covered) => _traps.Adopt(address, TrapInstruction.X86, covered);

    /// <summary>From here on everything that is planted is written down; what is planted now, too.</summary>
    public void StartGuard(GuardedSpace guard)
    {
        Guard = guard;
        Note(0, ulong.MaxValue);
    }

    /// <summary>Nothing of ours is left in it, or it is gone.</summary>
    public void EndGuard()
    {
        Guard?.Close();
        Guard = null;
    }

    /// <summary>Memory as the debugger sees it.</summary>
    public int Read(ulong address, Span<byte> into)
    {
        int count = Memory.Read(address, into);
        _traps.Uncover(address, into[..count]);
        return count;
    }

    public TargetStatus Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        TargetStatus status = Explain(_traps.Write(ref _memory, address, bytes));
        Note(address, (ulong)bytes.Length);
        return status;
    }

    public TrapState StateAt(ulong address) => _traps.StateAt(address);

    public bool HasUser(ulong address, TrapUsers user) => _users.TryGetValue(address, out TrapUsers users) && (users & user) != 0;

    public TargetStatus Insert(ulong address, BreakpointActions actions, TrapUsers user)
    {
        bool isThere = _traps.StateAt(address) is TrapState.Planted or TrapState.Lifted;
        if (!isThere)
        {
            NoteAhead(address);
        }

        TargetStatus status = isThere ? TargetStatus.Ok : Explain(_traps.Insert(ref _memory, address, TrapInstruction.X86));
        if (status != TargetStatus.Ok)
        {
            Guard?.DropTrap(address);
        }

        if (status == TargetStatus.Ok)
        {
            _actions[address] = actions;
            _users[address] = _users.GetValueOrDefault(address) | user;
        }

        return status;
    }

    /// <summary>Takes the trap out of memory when nobody else wants it there.</summary>
    public TargetStatus Remove(ulong address, TrapUsers user)
    {
        TrapUsers left = _users.GetValueOrDefault(address) & ~user;
        if (left != TrapUsers.None && left != _users[address])
        {
            _users[address] = left;
            return TargetStatus.Ok;
        }

        TargetStatus status = Explain(_traps.Remove(ref _memory, address));
        if (_traps.StateAt(address) == TrapState.Removed)
        {
            _actions.Remove(address);
            _users.Remove(address);
            Guard?.DropTrap(address);
        }

        return status;
    }

    /// <summary>Addresses with a trap of the debugger.</summary>
    public IEnumerable<ulong> Traps() => _actions.Keys;

    public BreakpointActions ActionsAt(ulong address) =>
        _actions.TryGetValue(address, out BreakpointActions? actions) ? actions : BreakpointActions.None;

    public bool TryLift(ulong address) => _traps.Lift(ref _memory, address) == TrapStatus.Ok;

    public bool TryPlant(ulong address)
    {
        NoteAhead(address);
        return _traps.Plant(ref _memory, address) == TrapStatus.Ok;
    }

    /// <summary>Takes all traps out of memory for a while.</summary>
    public void LiftAll()
    {
        for (int i = 0; i < _traps.Count; i++)
        {
            _traps.Lift(ref _memory, _traps[i].Address);
        }
    }

    /// <summary>Puts back every trap that is out of memory for a while.</summary>
    public void PlantAll()
    {
        for (int i = 0; i < _traps.Count; i++)
        {
            if (_traps[i].State == TrapState.Lifted)
            {
                TryPlant(_traps[i].Address);
            }
        }
    }

    /// <summary>Takes all traps out of memory for good.</summary>
    /// <returns>How many could not be taken out.</returns>
    public int RemoveAll()
    {
        _actions.Clear();
        _users.Clear();
        int left = _traps.RemoveAll(ref _memory);
        Guard?.DropTraps();
        return left;
    }

    /// <summary>Takes the traps out of a forked child's copy of this memory.</summary>
    public int EraseFrom(ProcessMemory copy)
    {
        TrapMemory memory = new(copy);
        return _traps.EraseFrom(ref memory);
    }

    public void Dispose()
    {
        if (--_owners == 0)
        {
            EndGuard();
            Memory.Dispose();
            PageTraps?.Dispose();
            NativeMemory.Free(_entries);
        }
    }

    // The byte that a trap is about to cover.
    private void NoteAhead(ulong address)
    {
        Span<byte> covered = stackalloc byte[1];
        if (Guard is not null && Memory.Read(address, covered) == 1)
        {
            Guard.SetTrap(address, covered[0]);
        }
    }

    // The bytes that traps in a range cover now.
    private void Note(ulong address, ulong length)
    {
        for (int i = 0; Guard is not null && i < _traps.Count; i++)
        {
            if (_traps[i].State == TrapState.Planted && _traps[i].Address - address < length)
            {
                Guard.SetTrap(_traps[i].Address, (byte)_traps[i].Covered);
            }
        }
    }

    private static TargetStatus Explain(TrapStatus status) => status switch
    {
        TrapStatus.Ok => TargetStatus.Ok,
        TrapStatus.NotFound => TargetStatus.NotFound,
        TrapStatus.Full => TargetStatus.NoMemory,
        TrapStatus.Overlaps => TargetStatus.BadArgument,
        _ => TargetStatus.BadAddress,
    };
}
