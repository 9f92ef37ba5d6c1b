using System.Collections.Generic;
using Haltpoint.Linux.Serving;

namespace Haltpoint.Cli.Gdbserver;

/// <summary>What gdbserver's command line asks for.</summary>
internal sealed class GdbserverArguments
{
    public string? Address { get; set; }

    /// <summary>PROG and ARGS; empty when there is none to start.</summary>
    public IReadOnlyList<string> Program { get; set; } = [];

    /// <summary>To attach to; 0 for none.</summary>
    public int Process { get; set; }

    public bool IsAttach { get; set; }

    public bool IsMulti { get; set; }

    public bool IsOnce { get; set; }

    public bool StartsWithShell { get; set; } = true;

    public bool DisablesRandomization { get; set; } = true;

    public IReadOnlyList<string> Wrapper { get; set; } = [];

    public bool LogsEvents { get; set; }

    public bool LogsPackets { get; set; }

    public bool LogsLoop { get; set; }

    public bool LogsTime { get; set; }

    public string DebugFile { get; set; } = "";

    public string? PacketLog { get; set; }

    public DisabledPackets DisabledPackets { get; set; }

    public bool IsSelfTest { get; set; }

    /// <summary>Parts of names of self tests to run; all of them when there is none.</summary>
    public List<string> SelfTestFilters { get; } = [];
}
