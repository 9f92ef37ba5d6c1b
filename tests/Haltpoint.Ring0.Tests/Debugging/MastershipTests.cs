using System;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Ring0.Tests.Debugging;

/// <summary>Who does the debugger's work, and what becomes of breakpoints in what the debugger itself executes.</summary>
public sealed class MastershipTests
{
    private static readonly ulong[] s_addresses = KernelSymbols.AddressesOf("cpu_pause", "storm_trap");

    [Fact]
    public void The_mastership_goes_from_CPU_to_CPU()
    {
        using DebuggedMachine machine = new(4);
        machine.Console.Run("load 6");
        using RspClient client = new(machine.Port);
        Assert.StartsWith("T", client.Ask("?"), StringComparison.Ordinal);

        foreach (int cpu in (int[])[1, 3, 2, 0, 1])
        {
            Assert.Contains($"goes to CPU {cpu}", client.Monitor($"master {cpu}"), StringComparison.Ordinal);
            Assert.Equal(cpu, MasterIn(client.Monitor("cpus")));
            Assert.Contains("is master already", client.Monitor($"master {cpu}"), StringComparison.Ordinal);
        }

        Assert.Contains("is not there", client.Monitor("master 4"), StringComparison.Ordinal);
        Assert.Contains("is not there", client.Monitor("master x"), StringComparison.Ordinal);

        // A master that did not bring the machine to a stop lets all of it go.
        client.Send("vCont;c");
        client.Write("\x03");
        Assert.Equal(2, client.ReceiveStop().Signal);
        client.Detach();
        Assert.Contains("no load", machine.Console.Run("stop"), StringComparison.Ordinal);
        Assert.Contains("4 of 4 CPUs took it", machine.Console.Run("nmi"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_breakpoint_inside_the_debugger_is_removed_and_reported()
    {
        using DebuggedMachine machine = new(4);
        using RspClient client = new(machine.Port);
        Assert.StartsWith("T", client.Ask("?"), StringComparison.Ordinal);

        // CPUs that wait for each other pause, in the debugger too.
        Assert.Equal("OK", client.Ask($"Z0,{s_addresses[0]:x},1"));
        string told = "";
        while (told.Length == 0)
        {
            client.Send("vCont;c");
            client.Write("\x03");
            client.ReceiveStop();
            told = Regex.Match(client.Monitor("cpus"), "ran into [0-9]+ breakpoint.* inside the debugger and removed them, the last at ([0-9a-f]{16})").Groups[1].Value;
        }

        Assert.Equal(s_addresses[0], ulong.Parse(told, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal("E.the debugger ran into a breakpoint there itself, and removed it", client.Ask($"Z0,{s_addresses[0]:x},1"));
        Assert.Contains("last refusal: the debugger ran into", client.Monitor("slots"), StringComparison.Ordinal);

        // It is gone and nothing else is.
        Assert.Equal("OK", client.Ask($"Z0,{s_addresses[1]:x},1"));
        client.Send("vCont;c");
        machine.Console.Type("exercise storm 1");
        for (int stops = 0; stops < 4;)
        {
            RspClient.StopReply stop = client.ReceiveStop();
            if (stop.Has("swbreak"))
            {
                Assert.Equal(s_addresses[1], stop.ProgramCounter);
                stops++;
                client.Send($"c{stop.ProgramCounter + 1:x}");
            }
            else
            {
                client.Send("vCont;c"); // a Ctrl-C that was still owed
            }
        }

        client.Write("\x03");
        client.ReceiveStop();
        client.Detach();
        machine.Console.WaitForPrompt();
        Assert.Contains("4 of 4 CPUs took it", machine.Console.Run("nmi"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_kernels_threads_are_a_second_view()
    {
        using DebuggedMachine machine = new(2);
        machine.Console.Run("load 5");

        string output = Gdb.Run(
            machine, "info threads", "echo VIEW\\n", "monitor view threads", "info threads", "echo STACKS\\n", "thread apply all -q backtrace", "echo MORE\\n",
            "monitor threads", "monitor dmesg", "monitor watchdogs", "monitor help", "echo BACK\\n", "monitor view cpus", "info threads", "echo END\\n");

        Assert.Equal(2, Regex.Count(Gdb.Between(output, "", "VIEW"), "^[* ] [0-9]+ +Thread ", RegexOptions.Multiline));
        string view = Gdb.Between(output, "VIEW", "STACKS");
        Assert.Matches("Thread 1\\.[0-9]+ \"shell\" \\(waiting\\)", view);

        // On 2 CPUs there are 2 idle threads, the shell and 5 loads, of which two run.
        Assert.Equal(8, Regex.Count(view, "^[* ] [0-9]+ +Thread ", RegexOptions.Multiline));
        Assert.Contains("ShellThread::Run", Gdb.Between(output, "STACKS", "MORE"), StringComparison.Ordinal);
        string more = Gdb.Between(output, "MORE", "BACK");
        Assert.Equal(5, Regex.Count(more, "^ *[0-9]+ load +", RegexOptions.Multiline));
        Assert.Contains("Haltpoint kernel, ", more, StringComparison.Ordinal);
        Assert.Contains("debug registers: what is set", more, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(Gdb.Between(output, "BACK", "END"), "^[* ] [0-9]+ +Thread ", RegexOptions.Multiline));
        Assert.Contains("no load", machine.Console.Run("stop"), StringComparison.Ordinal);
    }

    private static int MasterIn(string list) => int.Parse(Regex.Match(list, @"^CPU +(\d+) master ", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);
}
