using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Ptrace;

namespace Haltpoint.Linux.Guarding;

/// <summary>A process that outlives the server, and then undoes what the server left in processes that go on without it.</summary>
/// <remarks>
/// On the ptrace thread, which the guardian traces in turn: a thread that is killed stops once more on its way out, its tracees still held,
/// and only the guardian lets it go on (ptrace(2), PTRACE_EVENT_EXIT). See <see cref="GuardianRun"/>.
/// </remarks>
internal sealed unsafe class Guardian : IDisposable
{
    private const long SetSessionNumber = 112;
    private const long ChangeDirectoryNumber = 80;
    private const long DuplicateNumber = 33;
    private const long CloseRangeNumber = 436;
    private const long FileControlNumber = 72;
    private const long ExecuteNumber = 59;
    private const long SetDescriptorFlags = 2;
    private const int SignalActionLength = 152;
    private const int FlagsOffset = 136;
    private const int NoStoppedChildren = 1;

    private readonly GuardTable _table;
    private readonly SpawnScript _script = new();
    private readonly int _process;

    private Guardian(GuardTable table, IReadOnlyList<string> command)
    {
        _table = table;
        table.Header->Server = Environment.ProcessId;
        table.Header->Thread = Libc.GetThread();
        int nullFile;
        fixed (byte* path = "/dev/null\0"u8)
        {
            nullFile = Libc.Open(path, Libc.OpenReadWrite | Libc.OpenCloseOnExec, 0);
        }

        using (BlockedSignals blocked = new())
        {
            Compose(command, nullFile, blocked.Before);
            _process = _script.Start();
        }

        Libc.Close(nullFile);
        QuietenStops();
        _ = Libc.ProcessControl(Libc.SetPtracer, (ulong)_process, 0, 0, 0);
    }

    /// <param name="command">A program and its first arguments; it gets the descriptor of the table as its last.</param>
    /// <returns>Null when the system has no room for it.</returns>
    public static Guardian? Start(IReadOnlyList<string> command)
    {
        if (command.Count == 0 || GuardTable.Create() is not { } table)
        {
            return null;
        }

        Guardian guardian = new(table, command);
        if (guardian._process > 0)
        {
            return guardian;
        }

        guardian.Dispose();
        return null;
    }

    /// <returns>Null when the table is full.</returns>
    public GuardedSpace? Guard(int process) => _table.AddProcess(process) is >= 0 and int index ? new GuardedSpace(_table, index) : null;

    /// <summary>Dismisses it when there is nothing to undo.</summary>
    public void Dispose()
    {
        if (_process > 0)
        {
            if (!_table.IsEmpty)
            {
                // It has its work before it, when this thread ends.
                return;
            }

            Libc.Kill(_process, SignalNumber.Kill);
            int status;
            _ = Libc.Wait4(_process, &status, 0, null);
        }

        _script.Dispose();
        _table.Dispose();
    }

    private void Compose(IReadOnlyList<string> command, int nullFile, ulong signalMask)
    {
        // A session of its own: keys on the server's terminal are not for it.
        _script.Add(SetSessionNumber, mayFail: true);
        _script.Add(ChangeDirectoryNumber, (long)_script.Text("/"u8), mayFail: true);
        for (int stream = 0; stream < 3; stream++)
        {
            _script.Add(DuplicateNumber, nullFile, stream, mayFail: true);
        }

        // Whoever waits for the end of something that the server inherited must not wait for the guardian.
        if (_table.File > 3)
        {
            _script.Add(CloseRangeNumber, 3, _table.File - 1, mayFail: true);
        }

        _script.Add(CloseRangeNumber, _table.File + 1, int.MaxValue, mayFail: true);
        _script.Add(FileControlNumber, _table.File, SetDescriptorFlags, 0);
        _script.ResetSignals(signalMask);
        List<byte[]> arguments = [];
        foreach (string argument in command)
        {
            arguments.Add(Encoding.UTF8.GetBytes(argument));
        }

        arguments.Add(Encoding.UTF8.GetBytes(_table.File.ToString(CultureInfo.InvariantCulture)));
        List<byte[]> environment = [];
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            environment.Add(Encoding.UTF8.GetBytes($"{entry.Key}={entry.Value}"));
        }

        _script.Add(ExecuteNumber, (long)_script.Text(arguments[0]), (long)_script.Texts(arguments), (long)_script.Texts(environment));
    }

    // A traced thread stops for each signal, also for one that nobody handles: it must not get one for every stop of a tracee.
    private static void QuietenStops()
    {
        byte* action = stackalloc byte[SignalActionLength];
        if (Libc.SignalAction(SignalNumber.Child, null, action) == 0)
        {
            *(int*)(action + FlagsOffset) |= NoStoppedChildren;
            _ = Libc.SignalAction(SignalNumber.Child, action, null);
        }
    }
}
