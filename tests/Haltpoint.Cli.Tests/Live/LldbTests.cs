using System;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>lldb as the client: it asks for what gdb never does.</summary>
public class LldbTests
{
    [Fact]
    public void Lldb_breaks_watches_steps_and_sees_threads_libraries_and_mappings()
    {
        string program = Programs.Build("status");
        using HaltpointServer server = new("gdbserver", "--once", "localhost:0", program, "5");
        string session = Lldb.Run(
            program,
            $"gdb-remote localhost:{server.Port()}",
            "breakpoint set --name count",
            "continue",
            "bt",
            "image list --basename",
            "memory region $pc",
            "watchpoint set variable counter",
            "continue",
            "thread step-inst",
            "thread list",
            "kill");

        Contains("stop reason = breakpoint 1.1", session);
        Contains("frame #1: ", session);
        Contains("libc.so.6", session);
        Contains(") r-x ", session);
        Contains("Watchpoint 1 hit:", session);
        Contains("stop reason = watchpoint 1", session);
        Contains("stop reason = instruction step into", session);
    }

    private static void Contains(string expected, string session) => Assert.Contains(expected, session, StringComparison.Ordinal);
}
