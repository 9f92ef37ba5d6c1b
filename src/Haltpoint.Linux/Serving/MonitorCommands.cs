using System;
using System.IO;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Serving;

/// <summary>The words a person can give to <c>monitor</c>. Those of gdbserver answer as gdbserver does: scripts and gdb's test suite read them.</summary>
internal sealed class MonitorCommands(PtraceSession session, ThreadId thread)
{
    private const string Help = $"""
        The following monitor commands are supported:
          set debug <0|1>
            Log what the server does
          set debug-hw-points <0|1>
            Log hardware breakpoints and watchpoints
          set remote-debug <0|1>
            Log packets
          set event-loop-debug <0|1>
            Log waits and wake-ups
          set debug-format option1[,option2,...]
            Add information to each line of the log
            Options: all, none, timestamp
          set libthread-db-search-path PATHS
            Taken for gdbserver's sake; thread-local storage is found without libthread_db
          threads
            List threads, what each does and what its debug registers hold
          breakpoints
            List what is inserted, and which debug register each takes
        {MonitorWatchpoints.Help}
          stats
            Say how long the server runs, and what it has served
          doctor
            Say what this machine allows
          exit
            Quit GDBserver
        In gdb, "source SCRIPT" forwards numbers and conditions of watchpoints by itself.

        """;

    private const string Script = "haltpoint-gdb.py";

    private readonly ServerSettings _settings = session.Server;

    /// <returns>False when it failed; where there is no such command the text then says which there are.</returns>
    public bool TryRun(string command, out string text)
    {
        if (new MonitorWatchpoints(session, thread).Run(command, out bool isFailure) is { } about)
        {
            text = about;
            return !isFailure;
        }

        string? answer = command.StartsWith("set ", StringComparison.Ordinal) ? Set(command["set ".Length..]) : Do(command);
        text = answer ?? $"Unknown monitor command.\n\n{Help}";
        return answer is not null;
    }

    private string? Do(string command)
    {
        switch (command)
        {
            case "help":
                return Help.Replace("SCRIPT", Path.Combine(AppContext.BaseDirectory, Script), StringComparison.Ordinal);
            case "threads":
                return MonitorReport.Threads(session);
            case "breakpoints":
                return MonitorReport.Breakpoints(session);
            case "stats":
                return MonitorReport.Statistics(_settings.Statistics);
            case "doctor":
                return MonitorReport.Machine();
            case "exit":
                _settings.IsExitRequested = true;
                return "";
            default:
                return null;
        }
    }

    private string? Set(string assignment)
    {
        int space = assignment.IndexOf(' ', StringComparison.Ordinal);
        string name = space < 0 ? assignment : assignment[..space];
        string value = space < 0 ? "" : assignment[(space + 1)..].Trim();
        ServerLog log = _settings.Log;
        return name switch
        {
            "debug" => Switch("Debug output", value, on => log.HasEvents = on),
            "debug-hw-points" => Switch("H/W point debugging output", value, on => log.HasEvents = on),
            "remote-debug" => Switch("Protocol debug output", value, on => log.HasPackets = on),
            "event-loop-debug" => Switch("Event loop debug output", value, on => log.HasLoop = on),
            "debug-format" => SetFormat(value),
            "libthread-db-search-path" => SetThreadLibraryPath(value),
            _ => null,
        };
    }

    private static string? Switch(string what, string value, Action<bool> set)
    {
        if (value is not ("0" or "1"))
        {
            return null;
        }

        set(value == "1");
        return $"{what} {(value == "1" ? "enabled" : "disabled")}.\n";
    }

    private string? SetFormat(string value)
    {
        if (!DebugFormat.TryParse(value, out bool hasTime, out string error))
        {
            // gdbserver explains and fails; a failure here lists the commands, the options among them.
            _settings.Console?.Print(error);
            return null;
        }

        _settings.Log.HasTime = hasTime;
        return hasTime ? "All extra debug format options enabled.\n" : "All extra debug format options disabled.\n";
    }

    private string SetThreadLibraryPath(string value)
    {
        _settings.ThreadLibraryPath = value.Length > 0 ? value : ServerSettings.DefaultThreadLibraryPath;
        return $"libthread-db-search-path set to `{_settings.ThreadLibraryPath}'\n";
    }
}
