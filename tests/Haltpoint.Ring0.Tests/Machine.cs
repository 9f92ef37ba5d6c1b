using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading.Tasks;

namespace Haltpoint.Ring0.Tests;

/// <summary>The kernel in an emulator of its own, and a person at its console.</summary>
internal sealed class Machine : IDisposable
{
    private const string Emulator = "qemu-system-x86_64";
    private const string ManyThreads = "tcg,thread=multi";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _emulator;
    private readonly StringBuilder _console = new();
    private readonly byte[] _chunk = new byte[4096];
    private int _read;

    public Machine(int cpus = 1, string commandLine = "", params string[] options)
        : this(Emulator, [.. Common(cpus, ManyThreads), "-kernel", ImagePath, "-append", commandLine, .. options])
    {
    }

    private Machine(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _emulator = Process.Start(start)!;
    }

    /// <summary>A PC's firmware starts what is on the disc.</summary>
    public static Machine FromDisc(string disc, int cpus, params string[] options) => new(Emulator, [.. Common(cpus, ManyThreads), "-cdrom", disc, .. options]);

    /// <summary>Its clocks count instructions, each 2 to the power of <paramref name="shift"/> nanoseconds, and nothing where there are none: minutes pass in
    /// a second, and a busy host changes nothing.</summary>
    public static Machine WithDrivenClock(int cpus, int shift, params string[] options) =>
        new(Emulator, [.. Common(cpus, "tcg,thread=single"), "-icount", string.Create(CultureInfo.InvariantCulture, $"shift={shift},sleep=off"), "-kernel", ImagePath, .. options]);

    /// <summary>Started as a person starts it.</summary>
    public static Machine FromCommandLine(params string[] arguments) => new(Path.Combine(AppContext.BaseDirectory, "haltpoint"), arguments);

    public static string ImagePath => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../Haltpoint.Ring0/release/haltpoint.elf"));

    /// <summary>Everything that the console printed so far.</summary>
    public string Console => _console.ToString();

    /// <summary>Reads the console up to <paramref name="text"/>, from where the last wait ended.</summary>
    /// <returns>What was printed up to there, <paramref name="text"/> included.</returns>
    public string WaitFor(string text)
    {
        while (true)
        {
            int found = Console.IndexOf(text, _read, StringComparison.Ordinal);
            if (found >= 0)
            {
                string passed = Console[_read..(found + text.Length)];
                _read = found + text.Length;
                return passed;
            }

            if (ReadMore() == 0)
            {
                throw new InvalidOperationException($"ended without \"{text}\", after:\n{Console}\n{_emulator.StandardError.ReadToEnd()}");
            }
        }
    }

    /// <summary>What the console shows up to its next prompt.</summary>
    public string WaitForPrompt() => WaitFor("\n> ");

    /// <summary>Types a line and waits for the prompt after it.</summary>
    /// <returns>The answer.</returns>
    public string Run(string line)
    {
        Type(line);
        return WaitForPrompt();
    }

    /// <summary>Types a line at the console.</summary>
    public void Type(string line)
    {
        _emulator.StandardInput.Write(line + "\r");
        _emulator.StandardInput.Flush();
    }

    /// <summary>A line of standard error.</summary>
    public string? ReadErrorLine() => _emulator.StandardError.ReadLineAsync().WaitAsync(s_patience).GetAwaiter().GetResult();

    /// <summary>Waits for the emulator's end.</summary>
    /// <returns>What the kernel gave as its exit status.</returns>
    /// <remarks>isa-debug-exit makes 2n + 1 of n; 0 is the emulator's own, for a machine that was switched off.</remarks>
    public int WaitForExit() => WaitForStatus() >> 1;

    public int WaitForStatus()
    {
        while (ReadMore() > 0)
        {
        }

        if (!_emulator.WaitForExit(s_patience))
        {
            throw new TimeoutException($"did not end, after:\n{Console}");
        }

        return _emulator.ExitCode;
    }

    public void Dispose()
    {
        if (!_emulator.HasExited)
        {
            _emulator.Kill();
            _emulator.WaitForExit();
        }

        _emulator.Dispose();
    }

    private static IEnumerable<string> Common(int cpus, string accelerator) =>
    [
        "-accel", accelerator, "-m", "256", "-smp", cpus.ToString(CultureInfo.InvariantCulture),
        "-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
    ];

    private int ReadMore()
    {
        Task<int> read = _emulator.StandardOutput.BaseStream.ReadAsync(_chunk, 0, _chunk.Length);
        if (!read.Wait(s_patience))
        {
            throw new TimeoutException($"nothing more came, after:\n{Console}");
        }

        _console.Append(Encoding.ASCII.GetString(_chunk, 0, read.Result));
        return read.Result;
    }
}
