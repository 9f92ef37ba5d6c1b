using System;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Ring0.Tests.Debugging;

/// <summary>A CPU that does not answer the round-up: it spins inside an NMI, with interrupts off.</summary>
public sealed class AbsentCpuTests
{
    private const int Deaf = 2;

    private static readonly ulong[] s_addresses = KernelSymbols.AddressesOf("DeafCpu::s_isDeaf", "Storm::s_watched");

    [Fact]
    public void It_is_named_and_left_out_and_joins_when_it_hears_again()
    {
        using DebuggedMachine machine = new(4, "exit-on-panic");
        machine.Console.Run($"exercise deaf {Deaf}");
        using RspClient client = new(machine.Port);

        // Named, without registers, and no obstacle to anything the others do.
        Assert.StartsWith("T", client.Ask("?"), StringComparison.Ordinal);
        Assert.Matches($@"CPU +{Deaf} does not answer ", client.Monitor("cpus"));
        Assert.Equal("does not answer", InfoOf(client, Deaf));
        Assert.Equal("OK", client.Ask($"Hgp1.{Deaf + 1:x}"));
        Assert.StartsWith("E", client.Ask("g"), StringComparison.Ordinal);
        Assert.Equal("OK", client.Ask($"Z2,{s_addresses[1]:x},8"));
        client.Send("vCont;c");
        client.Write("\x03");
        Assert.Equal(2, client.ReceiveStop().Signal);
        Assert.Matches($@"CPU +{Deaf} does not answer ", client.Monitor("cpus"));

        // It comes back during this stop, is held, and has registers.
        Assert.Equal("OK", client.Ask($"M{s_addresses[0]:x},4:00000000"));
        while (!Regex.IsMatch(client.Monitor("cpus"), $@"CPU +{Deaf} held "))
        {
        }

        Assert.DoesNotContain("does not answer", InfoOf(client, Deaf), StringComparison.Ordinal);
        Assert.Equal("OK", client.Ask($"Hgp1.{Deaf + 1:x}"));
        Assert.Matches("^[0-9a-fx]{100,}$", client.Ask("g"));

        // It has the debug registers of the others, and is in the next stop like them.
        client.Send("vCont;c");
        machine.Console.Type("exercise storm 1");
        bool[] isTold = new bool[4];
        for (int i = 0; i < 4; i++)
        {
            RspClient.StopReply stop = client.ReceiveStop();
            Assert.Equal(s_addresses[1], stop.Watched("watch"));
            Assert.False(isTold[stop.Cpu]);
            isTold[stop.Cpu] = true;
            if (i < 3)
            {
                client.Send("vCont;c");
            }
        }

        client.Detach();
        machine.Console.WaitForPrompt();
        Assert.Contains("4 of 4 CPUs took it", machine.Console.Run("nmi"), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_comes_after_the_client_has_gone_runs_on()
    {
        using DebuggedMachine machine = new(4, "exit-on-panic");
        machine.Console.Run($"exercise deaf {Deaf}");
        using (RspClient client = new(machine.Port))
        {
            Assert.StartsWith("T", client.Ask("?"), StringComparison.Ordinal);
            client.Detach();
        }

        machine.Console.Run("exercise hear");
        Assert.Contains("4 of 4 CPUs took it", machine.Console.Run("nmi"), StringComparison.Ordinal);
        using RspClient next = new(machine.Port);
        Assert.StartsWith("T", next.Ask("?"), StringComparison.Ordinal);
        Assert.Matches($@"CPU +{Deaf} (held|master) ", next.Monitor("cpus"));
        next.Detach();
        machine.AssertRuns();
    }

    private static string InfoOf(RspClient client, int cpu) =>
        Encoding.ASCII.GetString(Convert.FromHexString(client.Ask($"qThreadExtraInfo,p1.{cpu + 1:x}")));
}
