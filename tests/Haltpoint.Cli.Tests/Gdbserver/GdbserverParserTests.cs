using System.Linq;
using Haltpoint.Cli.Gdbserver;
using Haltpoint.Linux.Serving;
using Xunit;

namespace Haltpoint.Cli.Tests.Gdbserver;

public class GdbserverParserTests
{
    [Theory]
    [InlineData(":1234 prog", ":1234", "prog")]
    [InlineData("localhost:0 prog a -b --once", "localhost:0", "prog a -b --once")]
    [InlineData("--once localhost:0 prog", "localhost:0", "prog")]
    [InlineData("- prog", "-", "prog")]
    [InlineData("--once - prog", "-", "prog")]
    [InlineData("stdio prog", "stdio", "prog")]
    [InlineData("/dev/ttyS0 prog", "/dev/ttyS0", "prog")]
    [InlineData("--multi :0 prog", ":0", "prog")]
    [InlineData("--multi :0", ":0", "")]
    public void The_first_word_that_is_no_option_is_the_address_and_the_rest_the_program(string line, string address, string program)
    {
        Assert.Null(Parse(line, out GdbserverArguments arguments));
        Assert.Equal(address, arguments.Address);
        Assert.Equal(program, string.Join(' ', arguments.Program));
    }

    [Theory]
    [InlineData("--attach :0 42", 42)]
    [InlineData("--once --attach localhost:0 0x2a", 42)]
    [InlineData("--once :0 --attach 42", 42)]
    public void Attach_takes_a_process(string line, int process)
    {
        Assert.Null(Parse(line, out GdbserverArguments arguments));
        Assert.True(arguments.IsAttach);
        Assert.Equal(process, arguments.Process);
        Assert.Empty(arguments.Program);
    }

    [Theory]
    [InlineData("", "COMM is missing")]
    [InlineData(":0", "PROG is missing after :0")]
    [InlineData("--once", "COMM is missing")]
    [InlineData("--multi", "COMM is missing")]
    [InlineData("--attach", "COMM is missing")]
    [InlineData("--attach :0", "PID is missing")]
    [InlineData("--attach :0 prog", "prog is no process id")]
    [InlineData("--attach :0 12x", "12x is no process id")]
    [InlineData("--attach :0 -3", "-3 is no process id")]
    [InlineData("--attach :0 0", "0 is no process id")]
    [InlineData("--attach :0 1 2", "one word too many after PID: 2")]
    [InlineData("--attach --multi :0", "PID is missing")]
    [InlineData("--wrapper env :0 prog", "--wrapper: end the wrapper's words with --")]
    [InlineData("--wrapper -- :0 prog", "--wrapper: end the wrapper's words with --")]
    [InlineData("--wrapper", "--wrapper: end the wrapper's words with --")]
    public void What_is_missing_is_told_in_a_line(string line, string message)
    {
        GdbserverReply? reply = Parse(line, out _);
        Assert.StartsWith(message, reply!.Text, System.StringComparison.Ordinal);
        Assert.DoesNotContain('\n', reply.Text);
        Assert.Equal(1, reply.ExitCode);
    }

    [Theory]
    [InlineData("--bogus :0 prog", "Unknown argument: --bogus")]
    [InlineData("-h", "Unknown argument: -h")]
    [InlineData("-- :0 prog", "Unknown argument: --")]
    [InlineData("--once=1 :0 prog", "Unknown argument: --once=1")]
    [InlineData("--debug-format :0 prog", "Unknown argument: --debug-format")]
    [InlineData("--debug-format=x :0 prog", "Unknown debug-format argument: \"x\"")]
    [InlineData("--debug=x :0 prog", "Unknown debug argument: \"x\"")]
    [InlineData("--debug=- :0 prog", "Unknown debug argument: \"-\"")]
    [InlineData("--disable-packet=x :0 prog", "Don't know how to disable \"x\".")]
    public void A_bad_option_is_named(string line, string message)
    {
        GdbserverReply? reply = Parse(line, out _);
        Assert.StartsWith(message, reply!.Text, System.StringComparison.Ordinal);
        Assert.Equal(1, reply.ExitCode);
    }

    [Theory]
    [InlineData("--version", "gdbserver (Haltpoint)")]
    [InlineData("--help", "Usage:\tgdbserver [OPTIONS] COMM PROG [ARGS ...]")]
    [InlineData("--disable-packet", "Disableable packets:")]
    public void Questions_are_answered_without_a_server(string line, string start)
    {
        GdbserverReply? reply = Parse(line, out _);
        Assert.StartsWith(start, reply!.Text, System.StringComparison.Ordinal);
        Assert.Equal(0, reply.ExitCode);
    }

    [Fact]
    public void Programs_are_started_through_a_shell_and_without_randomization_unless_told_otherwise()
    {
        Parse(":0 prog", out GdbserverArguments usual);
        Assert.True(usual.StartsWithShell);
        Assert.True(usual.DisablesRandomization);

        Parse("--no-startup-with-shell --no-disable-randomization :0 prog", out GdbserverArguments other);
        Assert.False(other.StartsWithShell);
        Assert.False(other.DisablesRandomization);

        Parse("--no-startup-with-shell --startup-with-shell --no-disable-randomization --disable-randomization :0 prog", out GdbserverArguments last);
        Assert.True(last.StartsWithShell);
        Assert.True(last.DisablesRandomization);
    }

    [Fact]
    public void A_wrapper_ends_at_two_dashes()
    {
        Assert.Null(Parse("--wrapper env A=1 --x -- --once :0 prog --", out GdbserverArguments arguments));
        Assert.Equal(["env", "A=1", "--x"], arguments.Wrapper);
        Assert.True(arguments.IsOnce);
        Assert.Equal(["prog", "--"], arguments.Program);
    }

    [Theory]
    [InlineData("--debug", true, false, false)]
    [InlineData("--debug=", false, false, false)]
    [InlineData("--debug=all", true, true, true)]
    [InlineData("--debug=all,-remote", true, false, true)]
    [InlineData("--debug=threads,event-loop", true, false, true)]
    [InlineData("--remote-debug", false, true, false)]
    [InlineData("--event-loop-debug", false, false, true)]
    public void Logs_are_switched_on_by_name(string options, bool events, bool packets, bool loop)
    {
        Assert.Null(Parse(options + " :0 prog", out GdbserverArguments arguments));
        Assert.Equal((events, packets, loop), (arguments.LogsEvents, arguments.LogsPackets, arguments.LogsLoop));
    }

    [Theory]
    [InlineData("vCont", DisabledPackets.VCont)]
    [InlineData("Tthread,qC", DisabledPackets.TThread | DisabledPackets.QC)]
    [InlineData("threads", DisabledPackets.VCont | DisabledPackets.TThread | DisabledPackets.QC | DisabledPackets.QfThreadInfo)]
    [InlineData("T", DisabledPackets.T)]
    [InlineData("", DisabledPackets.None)]
    internal void Packets_are_disabled_by_name(string names, DisabledPackets packets)
    {
        Assert.Null(Parse($"--disable-packet={names} :0 prog", out GdbserverArguments arguments));
        Assert.Equal(packets, arguments.DisabledPackets);
    }

    [Fact]
    public void Self_tests_need_no_address_and_take_filters()
    {
        Assert.Null(Parse("--selftest", out GdbserverArguments all));
        Assert.True(all.IsSelfTest);
        Assert.Empty(all.SelfTestFilters);

        Assert.Null(Parse("--selftest=ptrace --selftest=regs", out GdbserverArguments some));
        Assert.Equal(["ptrace", "regs"], some.SelfTestFilters);
    }

    private static GdbserverReply? Parse(string line, out GdbserverArguments arguments) =>
        GdbserverParser.Parse(line.Split(' ', System.StringSplitOptions.RemoveEmptyEntries).ToArray(), out arguments);
}
