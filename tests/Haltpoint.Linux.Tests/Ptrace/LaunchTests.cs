using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Stopping;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.Ptrace;

[Collection("ptrace")]
public class LaunchTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Arguments_arrive_as_they_were_given(bool throughShell)
    {
        string[] arguments = ["plain", "two words", "it's", "$HOME *", "", "a\tb\\c\"d", ";exit 3"];
        string output = Run(launch => launch.IsThroughShell = throughShell, arguments);
        Assert.Equal(arguments.Select(argument => "argument " + argument), output.Split('\n').Where(line => line.StartsWith("argument", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_program_starts_as_if_nobody_debugged_it(bool throughShell)
    {
        string output = Run(launch => launch.IsThroughShell = throughShell);
        Assert.Contains("group 1\n", output, StringComparison.Ordinal);
        Assert.Contains("randomized 0\n", output, StringComparison.Ordinal);
        Assert.Contains(" 0 blocked\n", output, StringComparison.Ordinal);
        Assert.Contains("variable (none)\n", output, StringComparison.Ordinal);
        Assert.Contains($"directory {Environment.CurrentDirectory}\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Directory_environment_and_randomization_can_be_chosen()
    {
        string output = Run(launch =>
        {
            launch.WorkingDirectory = "/usr"u8.ToArray();
            launch.SetEnvironment("HALTPOINT_TEST=a=b c"u8);
            launch.DisablesRandomization = false;
        });
        Assert.Contains("directory /usr\n", output, StringComparison.Ordinal);
        Assert.Contains("variable a=b c\n", output, StringComparison.Ordinal);
        Assert.Contains("randomized 1\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_can_be_unset_and_all_be_as_they_were()
    {
        LaunchSettings settings = new();
        settings.SetEnvironment("HALTPOINT_TEST=1"u8);
        settings.SetEnvironment("HALTPOINT_TEST=2"u8);
        Assert.Single(settings.ToRequest().Environment, entry => Encoding.UTF8.GetString(entry) == "HALTPOINT_TEST=2");
        settings.SetEnvironment("HALTPOINT_TEST"u8);
        Assert.DoesNotContain(settings.ToRequest().Environment, entry => Encoding.UTF8.GetString(entry).StartsWith("HALTPOINT_TEST", StringComparison.Ordinal));
        settings.SetEnvironment("PATH"u8);
        settings.ResetEnvironment();
        Assert.Contains(settings.ToRequest().Environment, entry => Encoding.UTF8.GetString(entry).StartsWith("PATH=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_wrapper_runs_first_and_its_stops_are_not_seen(bool throughShell)
    {
        string output = Run(launch =>
        {
            launch.IsThroughShell = throughShell;
            launch.Wrapper = ["env"u8.ToArray(), "HALTPOINT_TEST=wrapped"u8.ToArray()];
        });
        Assert.Contains("variable wrapped\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "/no/such/program")]
    [InlineData(false, "/no/such/program")]
    [InlineData(false, "/etc/hostname")]
    public void A_program_that_cannot_start_is_said_so_and_leaves_nothing(bool throughShell, string program)
    {
        using PtraceSession session = new();
        session.Launch.IsThroughShell = throughShell;
        session.Launch.Arguments = [Encoding.UTF8.GetBytes(program)];
        Assert.Equal(TargetStatus.Refused, session.Run(session.Launch.ToRequest(), out _));
        Assert.Contains("During startup program exited with code 12", session.LastError, StringComparison.Ordinal);
        Assert.Empty(session.Processes);
        if (!throughShell)
        {
            Assert.StartsWith($"cannot exec {program}: ", session.LastError, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void The_first_stop_is_before_the_first_instruction()
    {
        using TracedProgram program = new("workers", "1", "1");
        Assert.Single(program.Threads);
        ulong stack = program.ReadRegister(program.First, 7);

        // argc is the first word on a new stack.
        Assert.Equal(5ul, program.ReadWord(stack));
    }

    private static string Run(Action<LaunchSettings> configure, params string[] arguments)
    {
        string file = Path.GetTempFileName();
        try
        {
            using PtraceSession session = new();
            LinuxTarget target = new(session);
            List<string> command = ["/bin/sh", "-c", $"exec \"$@\" >{file}", "sh", TraceeBuilder.Build("launched"), .. arguments];
            configure(session.Launch);
            session.Launch.Arguments = [.. command.Select(Encoding.UTF8.GetBytes)];
            Assert.Equal(TargetStatus.Ok, session.Run(session.Launch.ToRequest(), out _));
            StopEvent stop;
            do
            {
                if (LinuxTarget.TryTakeStop(ref target, out stop))
                {
                    LinuxTarget.Resume(ref target, [new ResumeAction { Threads = ThreadId.Everything }]);
                }
                else
                {
                    session.Wait(-1, true);
                }
            }
            while (stop.Kind != StopKind.ProcessExited);
            return File.ReadAllText(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
