using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>The same gdb session on Haltpoint and on stock gdbserver: what gdb prints must be the same.</summary>
/// <remarks>
/// AVX-512 is left to the tests that know what the program loaded: gdbserver 13 reads those registers from the places they have on
/// Intel's first processors with them, and shows other bytes on AMD's. Nor is a 32-bit thread asked for variables of a library that it
/// has not used: gdbserver 13 shows what it finds at address -1 and up.
/// </remarks>
public class GdbserverComparisonTests
{
    private static readonly string[] s_flags32 = ["-m32", "-no-pie"];

    // The program stops itself for a tracer that it asks for and does not get.
    private static readonly string[] s_toTrap = ["handle SIGSTOP nostop noprint nopass", "continue"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Target_description(bool is64Bit)
    {
        string description = Same(Build(is64Bit, "status"), "wait", "maintenance print xml-tdesc");
        Assert.Contains(is64Bit ? "i386:x86-64" : "<architecture>i386</architecture>", description, StringComparison.Ordinal);
        Assert.Contains("org.gnu.gdb.i386.linux", description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "x87")]
    [InlineData(true, "sse")]
    [InlineData(true, "avx")]
    [InlineData(true, "segments")]
    [InlineData(false, "general")]
    [InlineData(false, "sse")]
    public void Registers_read(bool is64Bit, string name)
    {
        string registers = Same(
            Build(is64Bit, is64Bit ? "registers" : "registers32"), name,
            [.. s_toTrap, "info all-registers", "info registers", "info float", "print $eflags", "print $mxcsr", .. System(is64Bit), .. Vectors(is64Bit)]);
        Assert.Contains("v4_float", registers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Registers_written(bool is64Bit)
    {
        string[] writes =
        [
            "set $st2 = 1.5", "set $fctrl = 0xb7f", "set $mxcsr = 0x9fc0", "set $xmm7.v4_int32[3] = 77", "set $ymm2.v8_float[7] = 1.25",
            is64Bit ? "set $r15 = -2" : "set $edi = -2", "set $eflags = $eflags ^ 0x41", is64Bit ? "set $gs_base = 0x1000" : "set $ebx = 5",
        ];
        string registers = Same(
            Build(is64Bit, is64Bit ? "registers" : "registers32"), "sse", [.. s_toTrap, .. writes, "flushregs", "info all-registers", "info float", .. System(is64Bit), .. Vectors(is64Bit)]);
        Assert.Contains("1.25", registers, StringComparison.Ordinal);
        Assert.Contains("0xb7f", registers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Auxiliary_vector_libraries_and_signal_information(bool is64Bit)
    {
        string objects = Same(
            Build(is64Bit, is64Bit ? "registers" : "registers32"), "general",
            [.. s_toTrap, "info auxv", "info sharedlibrary", "print $_siginfo", "print $_siginfo._sifields._sigfault", "set $_siginfo.si_errno = 3", "print $_siginfo"]);
        Assert.Contains("AT_PHDR", objects, StringComparison.Ordinal);
        Assert.Contains("libc.so.6", objects, StringComparison.Ordinal);
        Assert.Contains("si_errno = 3", objects, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_of_the_operating_system()
    {
        string tables = Same(Programs.Build("status"), "wait", "info os", "info os semaphores", "info os shm", "info os msg", "info os modules", "info os bogus");
        Assert.Contains("Listing of all process groups", tables, StringComparison.Ordinal);
    }

    [Fact]
    public void Files()
    {
        string directory = Directory.CreateTempSubdirectory("haltpoint-remote-").FullName;
        File.WriteAllBytes(Path.Combine(directory, "large"), [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))]);
        string transfers = Same(
            Programs.Build("status"), "wait",
            $"cd {directory}", "shell rm -f none got put",
            $"remote put large {directory}/put", "shell cmp large put && echo put is the same",
            $"remote get {directory}/put got", "shell cmp large got && echo got is the same",
            $"remote delete {directory}/put", $"remote get {directory}/put none", $"remote delete {directory}/put",
            $"remote put large {directory}/none/none", "remote get /dev none", $"remote get {directory} none");
        Directory.Delete(directory, recursive: true);
        Assert.Contains("put is the same", transfers, StringComparison.Ordinal);
        Assert.Contains("got is the same", transfers, StringComparison.Ordinal);
        Assert.Contains("No such file or directory", transfers, StringComparison.Ordinal);
    }

    // All that gdb reads comes from the server, as from another machine.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Symbols_and_mappings_through_the_server(bool is64Bit)
    {
        string seen = Same(
            Build(is64Bit, "status"), "wait",
            "set sysroot target:", "break count", "continue", "info sharedlibrary", "info proc mappings", "info proc cmdline", "info proc cwd", "info proc exe", "backtrace");
        Assert.Contains("libc.so.6", seen, StringComparison.Ordinal);
        Assert.Contains("#1 ", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Thread_local_variables(bool is64Bit)
    {
        string module = Programs.Build("tls_module", ["-shared", "-fPIC", .. is64Bit ? [] : new[] { "-m32" }]);
        string values = Same(
            Build(is64Bit, "thread_locals"), $"9 9 4 {module}",
            "break ready", "continue", "thread apply all -q print in_program", "thread apply 1 3 -q print in_library", "thread apply all -q print &in_program");
        Assert.Contains("103", values, StringComparison.Ordinal);
        Assert.Contains("202", values, StringComparison.Ordinal);
    }

    private static string[] System(bool is64Bit) =>
        is64Bit ? ["print/x $fs_base", "print/x $gs_base", "print $orig_rax"] : ["print $orig_eax", "print $gs"];

    private static IEnumerable<string> Vectors(bool is64Bit) =>
        Enumerable.Range(0, is64Bit ? 16 : 8).SelectMany(i => new[] { $"print $xmm{i}", $"print $ymm{i}" });

    private static string Build(bool is64Bit, string name) => Programs.Build(name, is64Bit ? [] : s_flags32);

    /// <returns>What gdb printed on both.</returns>
    private static string Same(string program, string argument, params string[] commands)
    {
        string ours = Session($"{Paths.Haltpoint} gdbserver", program, argument, commands);
        string theirs = Session("gdbserver", program, argument, commands);
        Assert.Equal(theirs, ours);
        return ours;
    }

    private static string Session(string server, string program, string argument, string[] commands)
    {
        string printed = Gdb.Run(program, [$"target remote | env -u _ {server} --once stdio {program} {argument}", .. commands, "kill"]);
        return Normalize(printed);
    }

    /// <summary>Leaves out what differs from run to run, and where each server prints its own lines.</summary>
    private static string Normalize(string text)
    {
        IEnumerable<string> lines = text.Split('\n')
            .Where(line => !line.StartsWith("Process ", StringComparison.Ordinal)
                && !line.StartsWith("stdin/stdout redirected", StringComparison.Ordinal)
                && !line.StartsWith("Remote debugging ", StringComparison.Ordinal)
                && !line.StartsWith("Killing ", StringComparison.Ordinal)
                && !line.StartsWith("Reading ", StringComparison.Ordinal)
                && !Regex.IsMatch(line, "^(k[0-7]|zmm[0-9]+) ")
                && !line.StartsWith("[Inferior 1 (process ", StringComparison.Ordinal));
        return Regex.Replace(string.Join('\n', lines), "(si_pid =|process|Thread) [0-9.]+", "$1 N");
    }
}
