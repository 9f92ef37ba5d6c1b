using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Haltpoint.Bench.Ring0;

/// <summary>A kernel in the emulator with work for each CPU, and a stub of it that has stopped it.</summary>
internal abstract class Debuggee : IDisposable
{
    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("haltpoint-bench-");

    protected string SocketPath => Path.Combine(_work.FullName, "gdb");

    protected string ConsolePath => Path.Combine(_work.FullName, "console");

    public ProtocolClient Client { get; protected set; } = null!;

    /// <summary>Of a function that every CPU calls all the time, in hexadecimal.</summary>
    public string Address { get; protected init; } = "";

    public abstract void Interrupt();

    /// <returns>The packet that steps the thread of a stop reply, all others held.</returns>
    public virtual string StepAfter(string stop)
    {
        string field = stop.Split(';').Select(field => field[Math.Max(field.IndexOf("thread:", StringComparison.Ordinal), 0)..]).First(field => field.StartsWith("thread:", StringComparison.Ordinal));
        return $"vCont;s:{field["thread:".Length..]}";
    }

    /// <summary>What gdb does after a hit before it goes on.</summary>
    public virtual void SetBackAfterHit()
    {
    }

    public virtual void Dispose()
    {
        Client?.Dispose();
        _work.Delete(recursive: true);
    }

    /// <param name="lines">As nm prints them.</param>
    protected static string FindSymbol(string lines, string name) =>
        lines.Split('\n').Select(line => line.Split(' ')).First(words => words is [_, _, string symbol] && symbol == name)[0];

    protected static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} failed");
    }
}

/// <summary>The ring-0 kernel: its own stub on the second serial port, or the emulator's.</summary>
internal sealed class Ring0Debuggee : Debuggee
{
    private readonly Emulator _emulator;

    public Ring0Debuggee(int cpus, bool isEmulatorsStub)
    {
        Address = FindSymbol(Run("nm", Emulator.Image), "Haltpoint_Ring0_Haltpoint_Ring0_Shell_Workload__Work");
        _emulator = isEmulatorsStub
            ? new Emulator(cpus, "-gdb", $"unix:path={SocketPath},server=on,wait=off")
            : new Emulator(cpus, "-serial", $"unix:{SocketPath},server=on,wait=off");
        try
        {
            _emulator.Run($"load {cpus}");
            Client = new ProtocolClient(SocketPath);
            Client.Ask("?", "T");
            Client.StopAcknowledging();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override void Interrupt() => Client.Write(0x03);

    public override void Dispose()
    {
        _emulator.Dispose();
        base.Dispose();
    }
}

/// <summary>Linux with kgdb on its second serial port, as eng/linux-kgdb built it.</summary>
/// <remarks>kgdb has no Ctrl-C of its own: what stops the kernel is the SysRq key g after a break on its console (sysrq.rst, kgdb.rst).</remarks>
internal sealed class LinuxDebuggee : Debuggee
{
    private readonly Process _emulator;
    private readonly ProtocolClient _console = null!;

    public LinuxDebuggee(int cpus)
    {
        string kernel = FindKernel()!;
        Address = FindSymbol(File.ReadAllText(Path.Combine(kernel, "System.map")), "do_syscall_64");
        _emulator = Process.Start(new ProcessStartInfo("qemu-system-x86_64", [
            "-accel", "tcg,thread=multi", "-m", "256", "-smp", $"{cpus}", "-display", "none", "-monitor", "none", "-no-reboot",
            "-kernel", Path.Combine(kernel, "bzImage"), "-initrd", Path.Combine(kernel, "initrd"),
            "-append", "console=ttyS0 quiet nokaslr nowatchdog sysrq_always_enabled kgdboc=ttyS1,115200",
            "-chardev", $"socket,id=console,path={ConsolePath},server=on,wait=off,telnet=on", "-serial", "chardev:console",
            "-serial", $"unix:{SocketPath},server=on,wait=off"]))!;
        try
        {
            _console = new ProtocolClient(ConsolePath);
            _console.SkipPast("haltpoint:");
            Client = new ProtocolClient(SocketPath);
            Interrupt();
            Client.Ask("?", "S");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <returns>Where it is, or null when it was not built.</returns>
    public static string? FindKernel()
    {
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/", ".cache");
        string kernels = Path.Combine(cache, "haltpoint/linux-kgdb");
        return Directory.Exists(kernels) ? Directory.EnumerateDirectories(kernels).Order().LastOrDefault(made => File.Exists(Path.Combine(made, "initrd"))) : null;
    }

    /// <remarks>Telnet's IAC BREAK (RFC 854), which the emulator makes a break on the line.</remarks>
    public override void Interrupt() => _console.Write(255, 243, (byte)'g');

    public override string StepAfter(string stop) => "s";

    /// <remarks>kgdb leaves the program counter (register 16) behind the int3.</remarks>
    public override void SetBackAfterHit()
    {
        ulong address = ulong.Parse(Address, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Client.Ask($"P10={BinaryPrimitives.ReverseEndianness(address):x16}", "OK");
    }

    public override void Dispose()
    {
        _emulator.Kill();
        _emulator.WaitForExit();
        _emulator.Dispose();
        _console?.Dispose();
        base.Dispose();
    }
}
