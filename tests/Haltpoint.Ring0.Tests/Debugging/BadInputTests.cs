using System;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Ring0.Tests.Debugging;

/// <summary>What a client may send by mistake or on purpose: a clear error, and the machine runs on.</summary>
public sealed class BadInputTests
{
    private static readonly ulong[] s_addresses = KernelSymbols.AddressesOf("storm_trap", "Storm::s_watched", "DebugStorage::s_block", "Debugger::Receive", "cpu_current");

    [Fact]
    public void Each_mistake_gets_its_reason()
    {
        using DebuggedMachine machine = new(2);
        using RspClient client = new(machine.Port);
        Assert.StartsWith("T", client.Ask("?"), StringComparison.Ordinal);

        // Page 0, an address that is not canonical, the local APIC's neighbourhood, the end of the address space, more than there is.
        foreach (string packet in (string[])["m0,8", "m8000000000000000,8", "mdeadbeef00000000,1", "mfffffffffffffff8,8", "M0,1:00", "M8000000000000000,1:00", "x0,4"])
        {
            Assert.StartsWith("E", client.Ask(packet), StringComparison.Ordinal);
        }

        // A read that runs out of memory gives what is there.
        string whole = client.Ask($"m{s_addresses[0]:x},4");
        Assert.Equal(8, whole.Length);

        // The kernel's text is read-only for the kernel, and not for its debugger.
        Assert.Equal("OK", client.Ask($"M{s_addresses[0]:x},1:cc"));
        Assert.Equal("cc", client.Ask($"m{s_addresses[0]:x},1"));
        Assert.Equal("OK", client.Ask($"M{s_addresses[0]:x},1:{whole[..2]}"));

        foreach (ulong forbidden in (ulong[])[s_addresses[3], s_addresses[4]])
        {
            Assert.Equal("E.the debugger itself needs what is there", client.Ask($"Z0,{forbidden:x},1"));
            Assert.Equal("E.the debugger itself needs what is there", client.Ask($"Z1,{forbidden:x},1"));
        }

        Assert.Equal("E.the debugger itself needs what is there", client.Ask($"Z2,{s_addresses[2]:x},8"));
        Assert.Equal("E.the debugger itself needs what is there", client.Ask($"Z4,{s_addresses[2] + 0x100:x},1"));
        Assert.StartsWith("E", client.Ask("Z0,0,1"), StringComparison.Ordinal);
        Assert.StartsWith("E", client.Ask("Z0,deadbeef00000000,1"), StringComparison.Ordinal);
        Assert.StartsWith("E", client.Ask("Z2,8000000000000000,8"), StringComparison.Ordinal);
        Assert.Equal("", client.Ask("Z5,1000,1"));
        Assert.Equal("", client.Ask($"Z3,{s_addresses[1]:x},8"));

        for (int i = 0; i < 4; i++)
        {
            Assert.Equal("OK", client.Ask($"Z1,{s_addresses[0] + (ulong)i:x},1"));
        }

        Assert.Equal("E.all debug registers are taken, see \"monitor slots\"", client.Ask($"Z2,{s_addresses[1]:x},8"));
        Assert.Contains("CPU  1: 0 of 4 free", client.Monitor("slots"), StringComparison.Ordinal);
        Assert.Equal(4, Regex.Count(client.Monitor("slots"), "^execute ", RegexOptions.Multiline));
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal("OK", client.Ask($"z1,{s_addresses[0] + (ulong)i:x},1"));
        }

        Assert.Contains("CPU  1: 4 of 4 free", client.Monitor("slots"), StringComparison.Ordinal);
        Assert.StartsWith("E", client.Ask($"z1,{s_addresses[0]:x},1"), StringComparison.Ordinal);

        // CPUs and processes that are not there.
        foreach (string packet in (string[])["Hgp1.3", "Hgp2.1", "Tp1.40", "vCont;s:p1.9", "vCont;s:p9.1", "vCont", "vCont;", "vCont;q", "pfff", "P10=00", "D;7", "G00zz"])
        {
            Assert.StartsWith("E", client.Ask(packet), StringComparison.Ordinal);
        }

        Assert.Contains("no command 'nonsense'", client.Monitor("nonsense"), StringComparison.Ordinal);
        client.Detach();
        machine.AssertRuns();
    }

    [Fact]
    public void A_stray_byte_before_the_first_client_does_not_stop_the_machine()
    {
        using DebuggedMachine machine = new(2);
        using RspClient stray = new(machine.Port, starts: false);
        for (int i = 0; i < 20; i++)
        {
            stray.Write("x");
            machine.AssertRuns();
        }
    }

    [Fact]
    public void Noise_on_the_line_harms_nobody()
    {
        using DebuggedMachine machine = new(2);
        machine.Console.Run("load 4");
        using (RspClient hostile = new(machine.Port, starts: false))
        {
            Random random = new(1);
            for (int i = 0; i < 6; i++)
            {
                char[] junk = new char[random.Next(1, 64)];
                for (int j = 0; j < junk.Length; j++)
                {
                    junk[j] = (char)random.Next(256);
                }

                hostile.Write(new string(junk));
            }

            hostile.Write("$m0,ffffffffffffffff#00$X" + new string('A', 0x5000) + "#00\x03\x03$$$###+++---");
            Assert.Equal("", hostile.Ask("vMustReplyEmpty"));
        }

        // It left in the middle of everything, and the next client finds a machine and lets it go.
        using RspClient client = new(machine.Port);
        Assert.StartsWith("T", client.Ask("?"), StringComparison.Ordinal);
        Assert.StartsWith("m<?xml", client.Ask("qXfer:features:read:target.xml:0,ff"), StringComparison.Ordinal);
        client.Detach();
        Assert.Contains("no load", machine.Console.Run("stop"), StringComparison.Ordinal);
    }
}
