using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>Bad input: one clear line, a status that is not 0, and nothing left running.</summary>
[SupportedOSPlatform("linux")]
public class RefusalTests
{
    [Theory]
    [InlineData(1, "gdbserver :0 /no/such/program", "During startup program exited with code 127.", "Exiting")]
    [InlineData(1, "gdbserver :0 /etc/passwd", "During startup program exited with code 126.", "Exiting")]
    [InlineData(1, "gdbserver --no-startup-with-shell :0 /no/such/program", "During startup program exited with code 127.", "Exiting")]
    [InlineData(1, "gdbserver --attach :0 999999999", "999999999", "Exiting")]
    [InlineData(1, "gdbserver tcp8:123:1 true", "tcp8:123:1: cannot resolve name: Name or service not known", "Exiting")]
    [InlineData(1, "gdbserver garbage:1234:1 true", "garbage:1234:1: cannot resolve name: Name or service not known", "Exiting")]
    [InlineData(1, "gdbserver udp:localhost:0 true", "udp:localhost:0: cannot resolve name: Name or service not known", "Exiting")]
    [InlineData(1, "gdbserver tcp6:[::1]:0 true", "Missing open bracket in hostname 'tcp6:[::1]:0'", "Exiting")]
    [InlineData(1, "gdbserver localhost:x true", "localhost:x: cannot resolve name: Servname not supported for ai_socktype", "Exiting")]
    [InlineData(1, "gdbserver /etc/passwd true", "Could not open remote device: Invalid argument.", "Exiting")]
    [InlineData(1, "gdbserver 1234 true", "Could not open remote device: Invalid argument.", "Exiting")]
    [InlineData(1, "gdbserver --bogus :0 true", "Unknown argument: --bogus", "")]
    [InlineData(1, "attach 999999999", "haltpoint: ", "999999999")]
    [InlineData(2, "attach abc", "haltpoint: ", "abc")]
    [InlineData(2, "attach -- -4", "haltpoint: ", "-4")]
    [InlineData(2, "attach", "haltpoint: ", "Required argument missing")]
    [InlineData(2, "run", "haltpoint: ", "Required argument missing")]
    [InlineData(1, "run --bogus -- true", "haltpoint: ", "--bogus")]
    [InlineData(1, "run true", "haltpoint: ", "run [OPTIONS] -- PROGRAM [ARGS]")]
    [InlineData(2, "nonsense", "haltpoint: ", "nonsense")]
    [InlineData(1, "run -- /no/such/program", "haltpoint: ", "/no/such/program")]
    [InlineData(1, "run --listen 1234 -- true", "haltpoint: ", "HOST:PORT")]
    [InlineData(1, "run --listen nosuchhost.invalid:1 -- true", "haltpoint: ", "cannot resolve name")]
    [InlineData(1, "run --log-packets /no/such/dir/file -- true", "haltpoint: ", "/no/such/dir/file")]
    [InlineData(2, "completion tcsh", "haltpoint: ", "tcsh")]
    [InlineData(1, "watch", "haltpoint: ", "say what to watch")]
    [InlineData(1, "watch counter", "haltpoint: ", "--pid PID")]
    [InlineData(1, "watch counter other --pid 1", "haltpoint: ", "one word too many")]
    [InlineData(1, "watch counter --pid 999999999", "haltpoint: ", "no process 999999999")]
    [InlineData(1, "watch counter -- /no/such/program", "haltpoint: ", "/no/such/program")]
    [InlineData(1, "watch nosuchvariable -- /bin/true", "haltpoint: ", "no variable 'nosuchvariable'")]
    [InlineData(1, "watch x --access y --pid 1", "haltpoint: ", "w, rw and x")]
    [InlineData(1, "watch x --for ever --pid 1", "haltpoint: ", "--for ever")]
    [InlineData(1, "watch x --hits 0 --pid 1", "haltpoint: ", "from 1 up")]
    [InlineData(1, "watch x --length -8 --pid 1", "haltpoint: ", "from 1 up")]
    [InlineData(1, "watch x --threads 1,a --pid 1", "haltpoint: ", "no thread id")]
    [InlineData(1, "watch x --when value=1 --pid 1", "haltpoint: ", "character 6")]
    [InlineData(1, "watch x --cpus 0 --pid 1", "haltpoint: ", "--kernel")]
    [InlineData(1, "watch --kernel 0x1000", "haltpoint: ", "no address of the kernel")]
    [InlineData(1, "watch --kernel x --cpus 3-1", "haltpoint: ", "no list of CPUs")]
    [InlineData(2, "watch x --output xml --pid 1", "haltpoint: ", "--output xml: table|json|csv|folded|speedscope|perfetto is expected.")]
    [InlineData(2, "watch x --pid 1x", "haltpoint: ", "--pid 1x: PID is expected.")]
    [InlineData(2, "watch x --length many --pid 1", "haltpoint: ", "--length many: N is expected.")]
    [InlineData(1, "slots --pid 999999999", "haltpoint: ", "no process")]
    public void Bad_input_is_told_in_a_line(int status, string line, string first, string second)
    {
        using HaltpointServer server = new(line.Split(' '));
        Assert.Equal(status, server.WaitForEnd());
        string errors = string.Join('\n', server.Errors);
        Assert.Contains(first, errors, StringComparison.Ordinal);
        Assert.Contains(second, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", errors, StringComparison.Ordinal);
        if (first == "haltpoint: ")
        {
            Assert.Single(server.Errors);
        }
    }

    [Theory]
    [InlineData("gdbserver 127.0.0.1:PORT true", "Can't bind address: Address already in use.")]
    [InlineData("run --listen 127.0.0.1:PORT -- true", "haltpoint: --listen 127.0.0.1:PORT: Can't bind address: Address already in use. Choose another address; ':0' takes any free port.")]
    public void A_port_in_use_is_refused_before_anything_starts(string line, string message)
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        string port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        using HaltpointServer server = new(line.Replace("PORT", port, StringComparison.Ordinal).Split(' '));
        Assert.Equal(1, server.WaitForEnd());
        Assert.Equal(message.Replace("PORT", port, StringComparison.Ordinal), server.Errors[0]);
        Assert.DoesNotContain(server.Errors, error => error.Contains("created", StringComparison.Ordinal));
    }

    [Fact]
    public void The_place_of_a_refusal_is_shown_on_request_after_the_line()
    {
        using RunningProgram traced = new("env", "HALTPOINT_TRACE=1", Paths.Haltpoint, "run", "--", "/no/such/program");
        Assert.Equal(1, traced.WaitForEnd());
        Assert.StartsWith("haltpoint: ", traced.Errors[0], StringComparison.Ordinal);
        Assert.Contains(traced.Errors, line => line.StartsWith("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_socket_in_use_is_refused_and_an_abandoned_one_is_taken_over()
    {
        string path = Path.GetTempFileName() + ".socket";
        using (Socket other = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            other.Bind(new UnixDomainSocketEndPoint(path));
            other.Listen();
            using HaltpointServer refused = new("run", "--listen", "unix:" + path, "--", "true");
            Assert.Equal(1, refused.WaitForEnd());
            Assert.Contains("Can't bind address: Address already in use.", refused.Errors.Single(), StringComparison.Ordinal);

            // Closing would remove the file, as a server that was killed could not.
            File.Move(path, path + ".kept");
        }

        File.Move(path + ".kept", path);
        using HaltpointServer taken = new("run", "--listen", "unix:" + path, "--", "true");
        taken.WaitForLine("Listening on " + path);
        taken.Signal("TERM");
        taken.WaitForEnd();
    }

    [Fact]
    public void Another_tracer_is_named()
    {
        string program = Programs.Build("status");
        using HaltpointServer first = new("run", "--", program, "wait");
        string created = first.WaitForLine("created; pid = ");
        string process = created[(created.LastIndexOf(' ') + 1)..];
        using HaltpointServer second = new("attach", process);
        Assert.Equal(1, second.WaitForEnd());
        Assert.Contains($"being debugged by process {first.Id} (haltpoint)", second.Errors.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("attach PID", "it belongs to user 65534: run haltpoint as that user or with sudo")]
    [InlineData("gdbserver --attach :0 PID", "it belongs to user 65534: run haltpoint as that user or with sudo")]
    [InlineData("run --listen unix:DIRECTORY/socket -- true", "Can't bind address: Permission denied.")]
    [InlineData("run -- DIRECTORY/unexecutable", "cannot exec DIRECTORY/unexecutable: Permission denied")]
    [InlineData("run -- DIRECTORY/unreadable", "make the file readable (chmod +r)")]
    [InlineData("gdbserver --no-startup-with-shell :0 DIRECTORY/unreadable", "make the file readable (chmod +r)")]
    public void What_a_user_may_not_do_is_told_with_what_would_help(string line, string message)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can become another user");
        string directory = Directory.CreateTempSubdirectory("haltpoint-refusals-").FullName;
        foreach ((string name, UnixFileMode mode) in (ReadOnlySpan<(string, UnixFileMode)>)[("unexecutable", UnixFileMode.UserRead), ("unreadable", UnixFileMode.UserExecute)])
        {
            File.Copy("/bin/true", Path.Combine(directory, name));
            File.SetUnixFileMode(Path.Combine(directory, name), mode);
        }

        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using RunningProgram other = new("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sleep", "1000");
        other.WaitForProgram("sleep");

        // Without capabilities, root is a user like any other, and still one who can read this program wherever it is.
        string[] words = line.Replace("PID", other.Id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("DIRECTORY", directory, StringComparison.Ordinal).Split(' ');
        using RunningProgram server = new("setpriv", ["--bounding-set=-all", "--inh-caps=-all", Paths.Haltpoint, .. words]);
        int status = server.WaitForEnd();
        Directory.Delete(directory, recursive: true);
        Assert.Equal(1, status);
        Assert.Contains(message.Replace("DIRECTORY", directory, StringComparison.Ordinal), server.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_the_kernel_and_the_server_itself_are_refused_with_the_reason()
    {
        const int KernelThreadDaemon = 2;
        if (File.Exists($"/proc/{KernelThreadDaemon}/status") && !File.ReadAllText($"/proc/{KernelThreadDaemon}/status").Contains("VmSize", StringComparison.Ordinal))
        {
            using HaltpointServer server = new("attach", KernelThreadDaemon.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(1, server.WaitForEnd());
            Assert.Contains("part of the kernel", server.Errors.Single(), StringComparison.Ordinal);
        }

        using RunningProgram self = new("bash", "-c", $"exec {Paths.Haltpoint} attach $$");
        Assert.Equal(1, self.WaitForEnd());
        Assert.Contains("the debug server itself", self.Errors.Single(), StringComparison.Ordinal);
    }
}
