using System;
using System.Collections.Generic;
using System.Linq;

namespace Haltpoint.Cli.Gdbserver;

/// <summary>What the gdbserver verb prints when it starts no server.</summary>
internal static class GdbserverTexts
{
    public static string Version => $"gdbserver (Haltpoint) {HaltpointVersion.Text}\nThis is Haltpoint answering to gdbserver's command line, for x86_64-linux-gnu.";

    /// <summary>The names of the options in <see cref="Usage"/>, but for the help that every command has.</summary>
    public static IEnumerable<string> Options => Usage.Split('\n')
        .Where(line => line.StartsWith("  --", StringComparison.Ordinal))
        .Select(line => line.Trim().Split(' ', '=', '[')[0])
        .Where(option => option != "--help");

    public const string Usage = """
        Usage:	gdbserver [OPTIONS] COMM PROG [ARGS ...]
        	gdbserver [OPTIONS] --attach COMM PID
        	gdbserver [OPTIONS] --multi COMM

        COMM says where gdb will connect: HOST:PORT or :PORT for TCP, a path or
        unix:PATH for a Unix socket, a terminal or serial device, or '-' or
        'stdio' for standard input and output.

        What to do:

          --attach              Attach to the running process PID.
          --multi               Start without a program; end only when told to.
          --once                End when the first client is gone.
          --help                Print this and end.
          --version             Print the version and end.
          --selftest[=NAME]     Check what this server needs from the machine.

        How programs are started:

          --wrapper PROG [ARGS] --      Start programs through PROG.
          --disable-randomization       Without address space randomization (default).
          --no-disable-randomization    With address space randomization.
          --startup-with-shell          Through $SHELL, which expands ARGS (default).
          --no-startup-with-shell       Directly.

        Logs, on standard error unless --debug-file is given:

          --debug[=all,threads,event-loop,remote]
                                Log what the server does.
          --debug-format=all|none|timestamp
                                What to add to each line.
          --debug-file=FILE     Write the log to FILE.
          --remote-debug        Log packets.
          --event-loop-debug    Log waits and wake-ups.
          --log-packets FILE    Write every packet to FILE.
          --disable-packet=OPT1[,OPT2,...]
                                Behave as if the server did not know a packet:
                                vCont, T, Tthread, qC, qfThreadInfo, or threads
                                for all that have to do with threads.
        """;

    public const string DisableablePackets = """
        Disableable packets:
          vCont       	All vCont packets
          qC          	Querying the current thread
          qfThreadInfo	Thread listing
          Tthread     	Passing the thread specifier in the T stop reply packet
          threads     	All of the above
          T           	All 'T' packets
        """;
}
