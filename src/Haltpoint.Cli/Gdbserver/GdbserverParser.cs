using System;
using System.Collections.Generic;
using System.Globalization;
using Haltpoint.Linux.Serving;

namespace Haltpoint.Cli.Gdbserver;

/// <summary>Reads gdbserver's command line: options up to the first word that is none, then COMM, then the program or process.</summary>
internal sealed class GdbserverParser(IReadOnlyList<string> words)
{
    private readonly GdbserverArguments _arguments = new();
    private GdbserverReply? _reply;
    private int _next;

    /// <returns>Null with the arguments, or what to print instead.</returns>
    public static GdbserverReply? Parse(IReadOnlyList<string> words, out GdbserverArguments arguments)
    {
        GdbserverParser parser = new(words);
        arguments = parser._arguments;
        return parser.Parse();
    }

    private GdbserverReply? Parse()
    {
        while (_reply is null && _next < words.Count && words[_next].StartsWith('-') && words[_next] != "-")
        {
            string word = words[_next++];
            if (!TryFlag(word) && !TryValue(word))
            {
                _reply = new($"Unknown argument: {word}", IsError: true);
            }
        }

        if (_reply is null)
        {
            ParseAddressAndTarget();
        }

        return _reply;
    }

    private bool TryFlag(string word)
    {
        switch (word)
        {
            case "--version":
                _reply = new(GdbserverTexts.Version, IsError: false);
                break;
            case "--help":
                _reply = new(GdbserverTexts.Usage, IsError: false);
                break;
            case "--disable-packet":
                _reply = new(GdbserverTexts.DisableablePackets, IsError: false);
                break;
            case "--attach":
                _arguments.IsAttach = true;
                break;
            case "--multi":
                _arguments.IsMulti = true;
                break;
            case "--once":
                _arguments.IsOnce = true;
                break;
            case "--startup-with-shell":
                _arguments.StartsWithShell = true;
                break;
            case "--no-startup-with-shell":
                _arguments.StartsWithShell = false;
                break;
            case "--disable-randomization":
                _arguments.DisablesRandomization = true;
                break;
            case "--no-disable-randomization":
                _arguments.DisablesRandomization = false;
                break;
            case "--debug":
                _arguments.LogsEvents = true;
                break;
            case "--remote-debug":
                _arguments.LogsPackets = true;
                break;
            case "--event-loop-debug":
                _arguments.LogsLoop = true;
                break;
            case "--selftest":
                _arguments.IsSelfTest = true;
                break;
            case "--wrapper":
                ParseWrapper();
                break;
            case "--log-packets" when _next < words.Count:
                _arguments.PacketLog = words[_next++];
                break;
            default:
                return false;
        }

        return true;
    }

    private bool TryValue(string word)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return false;
        }

        string value = word[(equals + 1)..];
        switch (word[..equals])
        {
            case "--debug":
                ParseDebug(value);
                break;
            case "--debug-format":
                ParseDebugFormat(value);
                break;
            case "--debug-file":
                _arguments.DebugFile = value;
                break;
            case "--disable-packet":
                ParseDisabledPackets(value);
                break;
            case "--selftest":
                _arguments.IsSelfTest = true;
                _arguments.SelfTestFilters.Add(value);
                break;
            case "--log-packets":
                _arguments.PacketLog = value;
                break;
            default:
                return false;
        }

        return true;
    }

    private void ParseWrapper()
    {
        int start = _next;
        while (_next < words.Count && words[_next] != "--")
        {
            _next++;
        }

        if (_next == start || _next == words.Count)
        {
            _reply = new("--wrapper: end the wrapper's words with --, as in --wrapper env A=1 -- :2345 PROG", IsError: true);
            return;
        }

        string[] wrapper = new string[_next - start];
        for (int i = start; i < _next; i++)
        {
            wrapper[i - start] = words[i];
        }

        _arguments.Wrapper = wrapper;
        _next++;
    }

    /// <summary>gdb 14's form: names of what to log, a '-' before one takes it out again.</summary>
    private void ParseDebug(string value)
    {
        foreach (string part in Parts(value))
        {
            bool on = part[0] != '-';
            switch (on ? part : part[1..])
            {
                case "all":
                    _arguments.LogsEvents = _arguments.LogsPackets = _arguments.LogsLoop = on;
                    break;
                case "threads":
                    _arguments.LogsEvents = on;
                    break;
                case "remote":
                    _arguments.LogsPackets = on;
                    break;
                case "event-loop":
                    _arguments.LogsLoop = on;
                    break;
                default:
                    _reply = new($"Unknown debug argument: \"{part}\"", IsError: true);
                    return;
            }
        }
    }

    private void ParseDebugFormat(string value)
    {
        if (!DebugFormat.TryParse(value, out bool hasTime, out string error))
        {
            _reply = new(error, IsError: true);
        }

        _arguments.LogsTime = hasTime;
    }

    private void ParseDisabledPackets(string value)
    {
        foreach (string part in Parts(value))
        {
            DisabledPackets packets = part switch
            {
                "vCont" => DisabledPackets.VCont,
                "Tthread" => DisabledPackets.TThread,
                "qC" => DisabledPackets.QC,
                "qfThreadInfo" => DisabledPackets.QfThreadInfo,
                "threads" => DisabledPackets.Threads,
                "T" => DisabledPackets.T,
                _ => DisabledPackets.None,
            };
            if (packets == DisabledPackets.None)
            {
                _reply = new($"Don't know how to disable \"{part}\".\n\n{GdbserverTexts.DisableablePackets}", IsError: true);
                return;
            }

            _arguments.DisabledPackets |= packets;
        }
    }

    private void ParseAddressAndTarget()
    {
        bool hasAddress = _next < words.Count;
        _arguments.Address = hasAddress ? words[_next++] : null;
        if (_next < words.Count && words[_next] == "--attach")
        {
            // Its place in old scripts.
            _arguments.IsAttach = true;
            _next++;
        }

        int rest = words.Count - _next;
        if (_arguments.IsSelfTest && rest == 0)
        {
            return;
        }

        string? missing = !hasAddress ? "COMM is missing: say where gdb will connect, as in :2345"
            : _arguments.IsAttach && rest == 0 ? "PID is missing: say which process to attach to"
            : _arguments.IsAttach && rest > 1 ? $"one word too many after PID: {words[_next + 1]}"
            : _arguments.IsAttach && !TryParseProcess(words[_next]) ? $"{words[_next]} is no process id: use a number above 0"
            : !_arguments.IsAttach && !_arguments.IsMulti && rest == 0 ? $"PROG is missing after {_arguments.Address}: name a program, or use --attach or --multi"
            : null;
        if (missing is not null)
        {
            _reply = new($"{missing}; see --help", IsError: true);
            return;
        }

        if (!_arguments.IsAttach)
        {
            string[] program = new string[rest];
            for (int i = 0; i < rest; i++)
            {
                program[i] = words[_next + i];
            }

            _arguments.Program = program;
        }
    }

    private bool TryParseProcess(string text)
    {
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isNumber = int.TryParse(
            isHex ? text[2..] : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out int process);
        _arguments.Process = process;
        return isNumber && process > 0;
    }

    private static string[] Parts(string value) => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
