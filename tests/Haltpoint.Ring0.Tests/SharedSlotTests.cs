using System;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Ring0.Tests;

/// <summary>The kernel and gdb take debug registers from one pool, at the same time, and each hit goes to everybody whose it is.</summary>
public sealed class SharedSlotTests
{
    [Fact]
    public void Gdb_and_the_kernel_watch_side_by_side()
    {
        int port = FreePort.Find();
        using Machine machine = new(2, "exit-on-panic", "-serial", $"tcp:127.0.0.1:{port},server=on,wait=off");
        machine.WaitForPrompt();
        ulong words = Convert.ToUInt64(Regex.Match(machine.Run("watch"), "try it on: ([0-9a-f]+)").Groups[1].Value, 16);
        Assert.Contains("watched: 0", machine.Run($"watch {words:x}"), StringComparison.Ordinal);
        Assert.Contains("watched: 1", machine.Run($"watch {words + 8:x}"), StringComparison.Ordinal);

        using Gdb gdb = new(port);
        gdb.Run("watch *(long*)" + Hex(words + 16));
        gdb.Run("watch *(long*)" + Hex(words + 24));
        gdb.Run("watch *(long*)" + Hex(words + 32));
        Assert.Contains("Could not insert hardware watchpoint 3", gdb.Run("continue"), StringComparison.Ordinal);
        gdb.Run("delete 3");
        string slots = gdb.Run("monitor slots");
        gdb.Start("continue");

        // The kernel's hits stop nobody; gdb's stop the machine, and are not the kernel's.
        Assert.Contains("written", machine.Run($"touch {words + 8:x}"), StringComparison.Ordinal);
        machine.Type($"touch {words + 16:x}");
        Assert.Contains("Hardware watchpoint 1", gdb.WaitForStop(), StringComparison.Ordinal);
        gdb.Start("continue");
        Assert.Contains("written", machine.WaitForPrompt(), StringComparison.Ordinal);
        Assert.Contains("written", machine.Run($"touch {words:x}"), StringComparison.Ordinal);
        machine.Type($"touch {words + 24:x}");
        Assert.Contains("Hardware watchpoint 2", gdb.WaitForStop(), StringComparison.Ordinal);
        gdb.Run("delete");
        gdb.Start("continue");
        Assert.Contains("written", machine.WaitForPrompt(), StringComparison.Ordinal);

        string list = machine.Run("watch");
        Assert.Contains($" 0 {words:x16} 1 hits, the last in Ring0.Shell.WatchCommands.Add", list, StringComparison.Ordinal);
        Assert.Contains($" 1 {words + 8:x16} 1 hits", list, StringComparison.Ordinal);
        machine.Run("unwatch 0");
        machine.Run("unwatch 1");
        Assert.Contains("selftest: 6 passed, 0 failed", machine.Run("selftest hits"), StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(slots, "debugger\n"));
        Assert.Equal(2, Regex.Count(slots, "kernel\n"));
    }

    private static string Hex(ulong address) => $"0x{address:x}";

    /// <summary>Stock gdb, spoken to line by line.</summary>
    private sealed class Gdb : IDisposable
    {
        private const string End = "--end--";

        private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

        private readonly Process _process;

        public Gdb(int port)
        {
            // Its errors belong between its words.
            ProcessStartInfo start = new("sh", ["-c", "exec gdb -nx -q -ex 'set confirm off' -ex 'set height 0' \"$0\" 2>&1", Machine.ImagePath])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            _process = Process.Start(start)!;
            Run($"target remote 127.0.0.1:{port}");
        }

        /// <returns>What it says, errors included.</returns>
        public string Run(string command)
        {
            Start(command);
            return WaitForStop();
        }

        public void Start(string command)
        {
            _process.StandardInput.WriteLine(command);
            _process.StandardInput.WriteLine($"echo {End}\\n");
            _process.StandardInput.Flush();
        }

        public string WaitForStop()
        {
            string said = "";
            while (!said.Contains(End + "\n", StringComparison.Ordinal))
            {
                string line = _process.StandardOutput.ReadLineAsync().WaitAsync(s_patience).GetAwaiter().GetResult()
                    ?? throw new InvalidOperationException($"gdb ended:\n{said}");
                said += line + "\n";
            }

            return said;
        }

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
