using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Haltpoint.Ring0.Tests.Debugging;

/// <summary>What a debugger asks for while a CPU is off is in force on it from its first thread's first instruction.</summary>
public sealed class LateCpuTests
{
    private const int Cpus = 3;
    private const int Late = Cpus - 1;
    private const int Rip = 16;

    private static readonly ulong[] s_addresses =
        KernelSymbols.AddressesOf("LateCpu::Run", "SecondaryCpus::StartLate", "Idle::Run", "storm_hardware", "Storm::s_watched");

    [Fact]
    public void A_CPU_that_comes_online_later_runs_into_everything_that_was_set_before()
    {
        using DebuggedMachine machine = new(Cpus, "exit-on-panic stop-patience=60 late-cpu");
        using RspClient client = new(machine.Port);
        Assert.StartsWith("T", client.Ask("?"), StringComparison.Ordinal);
        Assert.Matches($"CPU +{Late} offline", client.Monitor("cpus"));

        // The shell starts that CPU in a test of its own breakpoints, which is sent on from its first instruction to what starts the CPU.
        Assert.Equal("OK", client.Ask($"Z0,{s_addresses[0]:x},1"));
        client.Send("vCont;c");
        machine.Console.Type("selftest late");
        RspClient.StopReply stop = client.ReceiveStop();
        Assert.Equal(s_addresses[0], stop.ProgramCounter);
        Assert.Equal("OK", client.Ask($"z0,{s_addresses[0]:x},1"));
        client.WriteRegister(stop.Cpu, Rip, s_addresses[1]);

        Assert.Equal("OK", client.Ask($"Z1,{s_addresses[2]:x},1"));
        Assert.Equal("OK", client.Ask($"Z1,{s_addresses[3]:x},1"));
        Assert.Equal("OK", client.Ask($"Z2,{s_addresses[4]:x},8"));
        Assert.Matches($"CPU +{Late}: 1 of 4 free", client.Monitor("slots"));

        // The others began their idle threads long ago.
        stop = client.Resume("vCont;c");
        Assert.Equal((Late, s_addresses[2]), (stop.Cpu, stop.ProgramCounter));
        Assert.True(stop.Has("hwbreak"), stop.Text);
        Assert.Equal("OK", client.Ask($"z1,{s_addresses[2]:x},1"));
        client.Send("vCont;c");
        machine.Console.WaitForPrompt();

        // Every CPU runs into both once.
        List<(int Cpu, string Reason)> told = [];
        machine.Console.Type("exercise storm 1");
        stop = client.ReceiveStop();
        for (int i = 0; i < 2 * Cpus; i++)
        {
            stop = i == 0 ? stop : client.Resume("vCont;c");
            told.Add((stop.Cpu, stop.Has("hwbreak") ? "breakpoint" : stop.Has("watch") ? "watchpoint" : stop.Text));
        }

        Assert.Equal([(0, "breakpoint"), (0, "watchpoint"), (1, "breakpoint"), (1, "watchpoint"), (2, "breakpoint"), (2, "watchpoint")], told.Order());
        client.Detach();
        machine.Console.WaitForPrompt();
        Assert.Contains($"{Cpus} of {Cpus} CPUs took it", machine.Console.Run("nmi"), StringComparison.Ordinal);
    }
}
