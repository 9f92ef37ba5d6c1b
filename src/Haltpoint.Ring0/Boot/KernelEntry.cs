using System.Runtime.InteropServices;
using Haltpoint.Ring0.Serial;

namespace Haltpoint.Ring0.Boot;

/// <summary>The first C# that runs: on the boot processor, with the loader's tables and interrupts off.</summary>
internal static unsafe class KernelEntry
{
    [UnmanagedCallersOnly(EntryPoint = "kernel_start")]
    private static void Start(ulong startInfo)
    {
        Uart console = new(Uart.Com1);
        console.Start();
        console.Write("Haltpoint kernel\n"u8);
        EmulatorExit.Exit(0);
    }
}
