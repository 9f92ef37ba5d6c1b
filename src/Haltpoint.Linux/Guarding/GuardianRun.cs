using System;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Ptrace;

namespace Haltpoint.Linux.Guarding;

/// <summary>What the guardian does: it waits for the end of the server's ptrace thread, and undoes what is in the table then.</summary>
/// <remarks>
/// In between the server's thread is held, and with it every tracee that is stopped: traps are taken out of memory from outside, and each
/// thread is sent SIGSTOP, which it takes before it executes anything when it is let go. Then the guardian can take its time.
/// </remarks>
internal sealed unsafe class GuardianRun : IDisposable
{
    private readonly GuardTable _table;
    private readonly PtraceSession _session = new();

    private GuardianRun(GuardTable table) => _table = table;

    /// <param name="file">The descriptor of the table.</param>
    /// <returns>An exit status.</returns>
    public static int Run(int file)
    {
        if (GuardTable.Open(file) is not { } table)
        {
            return 1;
        }

        using GuardianRun run = new(table);
        bool isHeld = run.AwaitEnd();
        run.Undo(isHeld);
        return 0;
    }

    public void Dispose()
    {
        _session.Dispose();
        _table.Dispose();
    }

    /// <returns>Whether the server's thread is held on its way out.</returns>
    private bool AwaitEnd()
    {
        GuardHeader* header = _table.Header;
        if (Libc.Ptrace(TraceRequest.Seize, header->Thread, 0, (void*)(ulong)TraceOptions.Exit) != 0)
        {
            // Traced by somebody else, or gone.
            AwaitProcess(header->Server);
            return false;
        }

        while (true)
        {
            int word;
            if (Libc.Wait4(header->Thread, &word, Libc.WaitOwnTracees, null) < 0)
            {
                continue;
            }

            WaitStatus status = new(word);
            if (!status.IsStopped || status.Event == TraceEvent.Exit)
            {
                return status.IsStopped;
            }

            bool isGroupStop = status.Event == TraceEvent.Stop && status.StopSignal != SignalNumber.Trap;
            int signal = status.Event == TraceEvent.None ? status.StopSignal : 0;
            Libc.Ptrace(isGroupStop ? TraceRequest.Listen : TraceRequest.Continue, header->Thread, 0, (void*)signal);
        }
    }

    private void AwaitProcess(int server)
    {
        int process = Libc.PidFdOpen(server, 0);
        if (process >= 0)
        {
            Libc.PollFd descriptor = new() { Fd = process, Events = Libc.PollIn };
            while (Libc.Poll(&descriptor, 1, -1) < 0)
            {
            }
        }
    }

    private void Undo(bool isHeld)
    {
        AddressSpace?[] spaces = new AddressSpace?[_table.Header->ProcessEnd];
        for (int i = 0; i < spaces.Length; i++)
        {
            if (_table.Processes[i].Id != 0 && ProcessMemory.Open(_table.Processes[i].Id) is { } memory)
            {
                spaces[i] = new AddressSpace(memory);
                TakeTraps(i, spaces[i]!);
            }
        }

        for (int i = 0; i < spaces.Length; i++)
        {
            if (spaces[i] is not null && _table.Processes[i].IsStopped == 0)
            {
                int process = _table.Processes[i].Id;
                TaskList.HoldAll(
                    process, thread => Libc.TgKill(process, thread, SignalNumber.Stop) == 0 || Marshal.GetLastPInvokeError() == Errno.EPERM);
            }
        }

        if (isHeld)
        {
            Libc.Ptrace(TraceRequest.Detach, _table.Header->Thread, 0, null);
        }

        for (int i = 0; i < spaces.Length; i++)
        {
            if (spaces[i] is { } space)
            {
                _session.TakeBack(space, _table, i, isHeld);
                if (_table.Processes[i].IsStopped == 0)
                {
                    Libc.Kill(_table.Processes[i].Id, SignalNumber.Continue);
                }
            }
        }
    }

    private void TakeTraps(int owner, AddressSpace space)
    {
        for (int i = 0; i < _table.Header->TrapEnd; i++)
        {
            if (_table.Traps[i].Owner == owner + 1)
            {
                space.Adopt(_table.Traps[i].Address, _table.Traps[i].Covered);
            }
        }

        space.RemoveAll();
    }
}
