using System;
using System.Globalization;
using System.Linq;
using Xunit;

namespace Haltpoint.Ring0.Tests.Debugging;

/// <summary>What kgdb tests itself with (H-24 to H-31), as a client with acknowledgements and the old packets sends it.</summary>
/// <remarks>HALTPOINT_SELFTEST_LOOPS sets how often the loops go round; kgdb's own number is 1000.</remarks>
public sealed class KgdbSelfTests
{
    private const int RipOffset = 16 * 16; // hexadecimal digits of 16 registers
    private const ulong InterruptFlag = 0x200;
    private const ulong ImageBase = 0xFFFF_FFFF_8000_0000; // kernel_base in kernel.ld
    private const ulong DirectMap = 0xFFFF_8000_0000_0000; // DirectMap.cs

    private static readonly ulong[] s_addresses =
        KernelSymbols.AddressesOf("storm_trap", "storm_hardware", "Storm::s_watched", "Workload::AddToShared", "Workload::s_shared");

    private readonly int _loops = int.TryParse(Environment.GetEnvironmentVariable("HALTPOINT_SELFTEST_LOOPS"), NumberStyles.None, CultureInfo.InvariantCulture, out int loops) ? loops : 10;

    public static TheoryData<string> Frames =>
    [
        "$?#3f", "$g#67", "$c#63", "$s#73", "$k#6b", "$D#44", "$3#33", "$OK#9a", "$E22#a9", "$qC#b4", "$qfThreadInfo#bb", "$qsThreadInfo#c8", "$m0,1#fa", "$m0,8#01",
        "$Z0,1000,1#d4", "$z0,1000,1#f4", "$Hg0#df", "$Hc-1#09", "$R0#82", "$C09#ac", "$C15#a9", "$T05thread:01;#07", "$W00#b7",
    ];

    /// <summary>E-6: the client's own frames, without which the rest says nothing.</summary>
    [Theory]
    [MemberData(nameof(Frames))]
    public void A_frame_has_the_known_checksum(string frame) => Assert.Equal(frame, RspClient.Frame(frame[1..^3]));

    [Fact]
    public void Plant_and_detach_leaves_the_byte_as_it_was()
    {
        using DebuggedMachine machine = new(2);
        string before;
        using (RspClient client = new(machine.Port, starts: false))
        {
            AssertStopped(client.Ask("?"));
            before = Plain(client, s_addresses[0]);
            Ok(client, $"Z0,{s_addresses[0]:x},1");
            Ok(client, "D");
        }

        Assert.Contains("2 storm", machine.Console.Run("exercise storm 10"), StringComparison.Ordinal);
        using RspClient next = new(machine.Port, starts: false);
        AssertStopped(next.Ask("?"));
        Assert.Equal(before, Plain(next, s_addresses[0]));
        Ok(next, "D");
    }

    [Theory]
    [InlineData('0', 0)]
    [InlineData('1', 1)]
    public void A_breakpoint_stops_at_its_function(char kind, int address)
    {
        using DebuggedMachine machine = new(2);
        using RspClient client = new(machine.Port, starts: false);
        AssertStopped(client.Ask("?"));
        Ok(client, $"Z{kind},{s_addresses[address]:x},1");
        client.Send("c");
        machine.Console.Type("exercise storm 1");
        AssertStopped(client.Receive());
        string registers = client.Ask("g");
        Assert.Equal(s_addresses[address], RipOf(registers));
        Ok(client, "G" + registers);
        Ok(client, $"z{kind},{s_addresses[address]:x},1");
        Ok(client, "D");
        Ok(client, "D");
        machine.Console.WaitForPrompt();
        machine.AssertRuns();
    }

    [Fact]
    public void Bad_reads_are_errors()
    {
        using DebuggedMachine machine = new(1);
        using RspClient client = new(machine.Port, starts: false);
        AssertStopped(client.Ask("?"));
        for (int length = 1; length <= 8; length++)
        {
            Assert.StartsWith("E", client.Ask($"m0,{length}"), StringComparison.Ordinal);
        }

        Ok(client, "D");
        machine.AssertRuns();
    }

    [Theory]
    [InlineData('2', false)]
    [InlineData('4', true)]
    public void A_watchpoint_stops_at_what_it_watches(char kind, bool alsoReads)
    {
        using DebuggedMachine machine = new(1);
        using RspClient client = new(machine.Port, starts: false);
        AssertStopped(client.Ask("?"));
        Ok(client, $"Z{kind},{s_addresses[4]:x},8");
        client.Send("c");

        // stop reads the sum and prints it; with the watch on writes only the prompt comes without a stop between.
        machine.Console.Type("stop");
        if (alsoReads)
        {
            AssertStopped(client.Receive());
            client.Send("c");
        }

        machine.Console.WaitFor("steps done");
        machine.Console.WaitForPrompt();
        machine.Console.Type("load 1");
        AssertStopped(client.Receive());
        Ok(client, $"z{kind},{s_addresses[4]:x},8");
        Ok(client, "D");
        machine.Console.WaitForPrompt();
        Assert.Contains("no load", machine.Console.Run("stop"), StringComparison.Ordinal);
    }

    /// <summary>Single steps off a breakpoint that many threads run into, on every CPU, with one load more than there are CPUs.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Each_step_lands_on_the_thread_that_was_stepped(int cpus)
    {
        ulong function = s_addresses[3];
        using DebuggedMachine machine = new(cpus);
        machine.Console.Run($"load {cpus + 1}");
        using RspClient client = new(machine.Port, starts: false);
        AssertStopped(client.Ask("?"));
        for (int i = 0; i < _loops; i++)
        {
            Ok(client, $"Z0,{function:x},1");
            client.Send("c");
            string stop = client.Receive();
            AssertStopped(stop);
            string registers = client.Ask("g");
            Assert.Equal(function, RipOf(registers));
            Ok(client, $"z0,{function:x},1");
            Ok(client, "G" + registers);
            client.Send("s");
            string stepped = client.Receive();
            AssertStopped(stepped);
            Assert.Equal(ThreadOf(stop), ThreadOf(stepped));
            Assert.NotEqual(function, RipOf(client.Ask("g")));
        }

        Ok(client, "D");
        Assert.Contains("no load", machine.Console.Run("stop"), StringComparison.Ordinal);
    }

    /// <summary>H-29: interrupts are off on a CPU for longer than the watchdog allows, and the debugger gets the machine all the same.</summary>
    /// <remarks>kgdb is entered by its watchdog's NMI. Here the watchdog speaks and the machine goes on, and the client breaks in.</remarks>
    [Fact]
    public void A_CPU_without_interrupts_is_found_by_the_watchdog_and_stopped()
    {
        using DebuggedMachine machine = DebuggedMachine.WithDrivenClock(4, shift: 10);
        using RspClient client = new(machine.Port, starts: false);
        AssertStopped(client.Ask("?"));
        client.Send("c");
        machine.Console.Run("spin interrupts 60000");
        machine.Console.WaitFor("watchdogs: hard lockup: CPU 3 has had no tick for 10 s");
        client.Write("\x03");
        AssertStopped(client.Receive());
        Assert.Matches("CPU +3 held .* spin", client.Monitor("cpus"));
        Ok(client, "Hg4");
        ulong flags = BitConverter.ToUInt64(Convert.FromHexString(client.Ask("p11").PadRight(16, '0')));
        Assert.Equal(0ul, flags & InterruptFlag);
        Ok(client, "D");
        machine.AssertRuns();
    }

    private static void Ok(RspClient client, string packet) => Assert.Equal("OK", client.Ask(packet));

    private static void AssertStopped(string reply) => Assert.Matches("^[ST]0", reply);

    private static string ThreadOf(string stop) => stop.Split(';').Single(part => part.StartsWith("thread:", StringComparison.Ordinal) || part.Contains("thread:", StringComparison.Ordinal));

    private static ulong RipOf(string registers) => BitConverter.ToUInt64(Convert.FromHexString(registers.AsSpan(RipOffset, 16)));

    /// <summary>Code by its other address, where no trap is hidden from what reads.</summary>
    private static string Plain(RspClient client, ulong address) => client.Ask($"m{address - ImageBase + DirectMap:x},1");
}
