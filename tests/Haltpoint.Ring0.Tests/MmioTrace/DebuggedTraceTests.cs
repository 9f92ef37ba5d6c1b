using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Ring0.Tests.MmioTrace;

/// <summary>Stock gdb among traced instructions: it steps over them and watches their registers, and the trace stays whole.</summary>
public sealed partial class DebuggedTraceTests : IDisposable
{
    private const int Rounds = 3;

    private readonly string _directory = Directory.CreateTempSubdirectory("haltpoint-").FullName;

    [Fact]
    public void Steps_and_watchpoints_work_on_traced_registers_and_cost_the_trace_nothing()
    {
        string log = Path.Combine(_directory, "log");
        int port = FreePort.Find();
        using Machine machine = new(2, "", "-serial", $"tcp:127.0.0.1:{port},server=on,wait=off,nodelay=on", "-serial", $"file:{log}");
        machine.WaitForPrompt();
        string[] commands =
        [
            "set pagination off", "set confirm off", "set remotetimeout 60", $"target remote 127.0.0.1:{port}", "break *hammer_at_4", "echo armed\\n", "continue",
            "printf \"hit %ld\\n\", $pc - (long)&hammer_at_4", "delete",
            // mov [r12+4], r8d; mov [r12+8], r8; mov ecx, 2; mov dword ptr [r12+rcx*8], 0x12345678
            "stepi", "printf \"step %ld\\n\", $pc - (long)&hammer_at_4", "stepi", "printf \"step %ld\\n\", $pc - (long)&hammer_at_4", "stepi", "stepi",
            "printf \"step %ld\\n\", $pc - (long)&hammer_at_4",
            // The next instruction stores -2 there.
            "watch -l *(long*)($r12+24)", "continue", "printf \"watched %ld, %ld\\n\", $pc - (long)&hammer_at_7, *(long*)($r12+24)", "delete", "echo released\\n", "continue",
        ];
        using Process gdb = Process.Start(new ProcessStartInfo("gdb", ["-q", "-nx", "-batch", "-iex", "set debuginfod enabled off", .. commands.SelectMany(c => (string[])["-ex", c]), Machine.ImagePath])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        ReadUpTo(gdb, "armed\n");
        machine.Type($"trace hammer {Rounds}");
        string rest = ReadUpTo(gdb, "released\n");
        Assert.Contains("hit 0\n", rest, StringComparison.Ordinal);
        Assert.Equal(["5", "10", "23"], Step().Matches(rest).Select(m => m.Groups[1].Value));
        Assert.Contains("Hardware watchpoint 2: -location", rest, StringComparison.Ordinal);
        Assert.Matches(@"watched 9, -2\n", rest);
        Assert.Contains("hammer: all right", machine.WaitForPrompt(), StringComparison.Ordinal);
        machine.Type("exit");
        Assert.Equal(0, machine.WaitForExit());
        gdb.WaitForExit();

        // What gdb read itself is in the trace too, by the copying instruction of the kernel.
        (_, (ulong start, _)) = TraceLine.Mappings(log).Single(m => m.Value.Length == 0x1000);
        Dictionary<ulong, string> symbols = HammerTests.Symbols();
        IReadOnlyList<TraceLine> lines = TraceLine.Accesses(log);
        for (int cpu = 0; cpu < 2; cpu++)
        {
            ulong slot = start + (ulong)(256 * cpu);
            Assert.Equal(
                HammerPlan.Of(Rounds),
                [.. lines.Where(l => l.Physical - slot < 256 && symbols.ContainsKey(l.ProgramCounter)).Select(l => (l.Kind, l.Width, l.Physical - slot, l.Value, symbols[l.ProgramCounter]))]);
        }

        Assert.Contains(lines, l => l.Kind == 'R' && !symbols.ContainsKey(l.ProgramCounter));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string ReadUpTo(Process gdb, string mark)
    {
        string said = "";
        while (!said.EndsWith(mark, StringComparison.Ordinal))
        {
            said += gdb.StandardOutput.ReadLine() is { } line ? line + "\n" : throw new InvalidOperationException(said + gdb.StandardError.ReadToEnd());
        }

        return said;
    }

    [GeneratedRegex(@"step (\d+)\n")]
    private static partial Regex Step();
}
