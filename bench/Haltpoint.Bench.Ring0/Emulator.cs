using System;
using System.Diagnostics;
using System.IO;
using System.Text;

namespace Haltpoint.Bench.Ring0;

/// <summary>The kernel in QEMU, and its console.</summary>
internal sealed class Emulator : IDisposable
{
    private const string Prompt = "\n> ";

    private readonly Process _process;

    public static string Image { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../Haltpoint.Ring0/release/haltpoint.elf"));

    /// <param name="options">More for the emulator.</param>
    public Emulator(int cpus, params string[] options)
    {
        ProcessStartInfo start = new("qemu-system-x86_64", [
            "-accel", "tcg,thread=multi", "-m", "256", "-smp", $"{cpus}", "-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-device", "edu", "-kernel", Image, "-append", "exit-on-panic", .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        ReadToPrompt();
    }

    /// <returns>What the kernel prints up to its next prompt.</returns>
    public string Run(string line)
    {
        _process.StandardInput.Write(line + "\r");
        _process.StandardInput.Flush();
        return ReadToPrompt();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string ReadToPrompt()
    {
        StringBuilder said = new();
        while (!said.ToString().EndsWith(Prompt, StringComparison.Ordinal))
        {
            int next = _process.StandardOutput.Read();
            if (next < 0)
            {
                throw new InvalidOperationException($"the kernel ended:\n{said}");
            }

            said.Append((char)next);
        }

        return said.ToString();
    }
}
