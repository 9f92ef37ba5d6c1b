using System;
using System.Threading;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Guarding;

/// <summary>What would have to be undone in which process, in memory that outlives the server: the guardian has it too.</summary>
/// <remarks>
/// The server's ptrace thread alone writes, the guardian reads when there is no server any more. That can be between any two instructions,
/// so an entry is there before what it is about, and goes after that; whoever undoes looks first whether it is true.
/// </remarks>
internal sealed unsafe class GuardTable : IDisposable
{
    private const int MostProcesses = 256;
    private const int MostTraps = 1 << 16;
    private const int MostRuns = 1 << 15;
    private const int MostThreads = 1 << 10;

    private readonly byte* _start;
    private readonly FreeEntries _freeProcesses = new(MostProcesses);
    private readonly FreeEntries _freeTraps = new(MostTraps);
    private readonly FreeEntries _freeRuns = new(MostRuns);
    private readonly FreeEntries _freeThreads = new(MostThreads);

    private GuardTable(byte* start, int file)
    {
        _start = start;
        File = file;
        Header = (GuardHeader*)start;
        Processes = (GuardedProcess*)(Header + 1);
        Traps = (GuardedTrap*)(Processes + MostProcesses);
        Runs = (GuardedRun*)(Traps + MostTraps);
        Threads = (GuardedThread*)(Runs + MostRuns);
    }

    /// <summary>The descriptor to hand on, closed when a program is executed.</summary>
    public int File { get; }

    public GuardHeader* Header { get; }

    public GuardedProcess* Processes { get; }

    public GuardedTrap* Traps { get; }

    public GuardedRun* Runs { get; }

    public GuardedThread* Threads { get; }

    public bool IsEmpty
    {
        get
        {
            for (int i = 0; i < Header->ProcessEnd; i++)
            {
                if (Processes[i].Id != 0)
                {
                    return false;
                }
            }

            return true;
        }
    }

    private static nuint Length =>
        (nuint)sizeof(GuardHeader) + ((nuint)MostProcesses * (nuint)sizeof(GuardedProcess)) + ((nuint)MostTraps * (nuint)sizeof(GuardedTrap))
            + ((nuint)MostRuns * (nuint)sizeof(GuardedRun)) + ((nuint)MostThreads * (nuint)sizeof(GuardedThread));

    /// <returns>Null when the system has no memory for it.</returns>
    public static GuardTable? Create()
    {
        int file = Libc.MemFdCreate("haltpoint guard", Libc.MemFdCloseOnExec);
        return file >= 0 && Libc.Truncate(file, (long)Length) == 0 ? Open(file) : null;
    }

    public static GuardTable? Open(int file)
    {
        void* start = Libc.Mmap(null, Length, Libc.ProtRead | Libc.ProtWrite, Libc.MapShared, file, 0);
        return start == Libc.MapFailed ? null : new GuardTable((byte*)start, file);
    }

    /// <returns>Its index, or -1 when the table is full.</returns>
    public int AddProcess(int id)
    {
        int index = _freeProcesses.Take(ref Header->ProcessEnd);
        if (index >= 0)
        {
            Processes[index] = default;
            Volatile.Write(ref Processes[index].Id, id);
        }

        return index;
    }

    public void RemoveProcess(int index)
    {
        Volatile.Write(ref Processes[index].Id, 0);
        _freeProcesses.Return(index);
    }

    /// <returns>Its index, or -1 when the table is full.</returns>
    public int AddTrap(int owner, ulong address, byte covered)
    {
        int index = _freeTraps.Take(ref Header->TrapEnd);
        if (index >= 0)
        {
            Traps[index] = new GuardedTrap { Address = address, Covered = covered };
            Volatile.Write(ref Traps[index].Owner, owner + 1);
        }

        return index;
    }

    public void RemoveTrap(int index)
    {
        Volatile.Write(ref Traps[index].Owner, 0);
        _freeTraps.Return(index);
    }

    /// <returns>Its index, or -1 when the table is full.</returns>
    public int AddRun(int owner, ulong start, ulong end, ulong home)
    {
        int index = _freeRuns.Take(ref Header->RunEnd);
        if (index >= 0)
        {
            Runs[index] = new GuardedRun { Start = start, End = end, Home = home };
            Volatile.Write(ref Runs[index].Owner, owner + 1);
        }

        return index;
    }

    public void RemoveRun(int index)
    {
        Volatile.Write(ref Runs[index].Owner, 0);
        _freeRuns.Return(index);
    }

    /// <returns>Its index, or -1 when the table is full.</returns>
    public int AddThread(int thread)
    {
        int index = _freeThreads.Take(ref Header->ThreadEnd);
        if (index >= 0)
        {
            Threads[index].State = GuardedState.Own;
            Threads[index].IsInCall = 0;
            Volatile.Write(ref Threads[index].Thread, thread);
        }

        return index;
    }

    public void RemoveThread(int index)
    {
        Volatile.Write(ref Threads[index].Thread, 0);
        _freeThreads.Return(index);
    }

    public void Dispose()
    {
        Libc.Munmap(_start, Length);
        Libc.Close(File);
    }
}
