using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Haltpoint.Cli.Ring0;

/// <summary>QEMU's command line for the kernel, but for the serial ports: the first is the console, the second the debugger's.</summary>
internal static class Emulator
{
    public const string Program = "qemu-system-x86_64";

    // What the kernel's word "exit-when-up" makes of isa-debug-exit's 2n + 1.
    private const int UpStatus = 33;

    public static IReadOnlyList<string> Arguments(string image, int cpus, string accelerator) =>
    [
        "-accel", accelerator, "-m", "512", "-smp", cpus.ToString(CultureInfo.InvariantCulture), "-kernel", image,
        "-display", "none", "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
    ];

    /// <summary>KVM where the kernel comes up under it, else the emulation, which is the same everywhere.</summary>
    public static string ChooseAccelerator(string image)
    {
        const string Emulation = "tcg,thread=multi";
        if (!File.Exists("/dev/kvm"))
        {
            return Emulation;
        }

        // Some hosts have the device, and stop at the first instruction their KVM cannot do.
        string[] trial = ["2", Program, .. Arguments(image, 1, "kvm"), "-serial", "none", "-monitor", "none", "-append", "exit-when-up"];
        ToolRun run = ToolRun.Run(Path.GetTempPath(), "timeout", trial);
        return run.ExitCode == UpStatus ? "kvm" : Emulation;
    }
}
