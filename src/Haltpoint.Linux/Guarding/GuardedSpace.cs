using System.Collections.Generic;
using Haltpoint.PageTraps;

namespace Haltpoint.Linux.Guarding;

/// <summary>The part of the <see cref="GuardTable"/> that is about one address space.</summary>
/// <remarks>On the ptrace thread. A table that is full guards no more than it holds.</remarks>
internal sealed unsafe class GuardedSpace(GuardTable table, int owner)
{
    private readonly Dictionary<ulong, int> _traps = [];
    private readonly Dictionary<(ulong Start, ulong End, ulong Home), int> _runs = [];

    public GuardTable Table => table;

    /// <summary>Call it before the process's debug registers, scratch area or job control state become other than the entry says.</summary>
    public ref GuardedProcess Process => ref table.Processes[owner];

    public void SetTrap(ulong address, byte covered)
    {
        if (_traps.TryGetValue(address, out int known))
        {
            table.Traps[known].Covered = covered;
        }
        else if (table.AddTrap(owner, address, covered) is >= 0 and int index)
        {
            _traps.Add(address, index);
        }
    }

    public void DropTrap(ulong address)
    {
        if (_traps.Remove(address, out int index))
        {
            table.RemoveTrap(index);
        }
    }

    public void DropTraps()
    {
        foreach (int index in _traps.Values)
        {
            table.RemoveTrap(index);
        }

        _traps.Clear();
    }

    public void AddRun(ulong start, ulong end, ulong home)
    {
        if (!_runs.ContainsKey((start, end, home)) && table.AddRun(owner, start, end, home) is >= 0 and int index)
        {
            _runs.Add((start, end, home), index);
        }
    }

    /// <summary>Makes the runs those of the table. What is about to go must still be there, and what is about to come already.</summary>
    public void SetRuns(in PageTrapTable traps)
    {
        HashSet<(ulong Start, ulong End, ulong Home)> wanted = [];
        for (int i = 0; i < traps.RunCount; i++)
        {
            TrappedRun run = traps.RunAt(i);
            wanted.Add((run.Start, run.End, run.Home));
            AddRun(run.Start, run.End, run.Home);
        }

        foreach (((ulong Start, ulong End, ulong Home) key, int index) in _runs)
        {
            if (!wanted.Contains(key) && _runs.Remove(key))
            {
                table.RemoveRun(index);
            }
        }
    }

    /// <summary>Nothing of ours is in this memory any more, or the memory is gone.</summary>
    public void Close()
    {
        DropTraps();
        foreach (int index in _runs.Values)
        {
            table.RemoveRun(index);
        }

        _runs.Clear();
        table.RemoveProcess(owner);
    }
}
