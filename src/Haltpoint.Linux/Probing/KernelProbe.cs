using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Probing;

internal static class KernelProbe
{
    public static Finding Look() =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64
            ? new Finding("kernel", FindingState.Good, $"Linux {SystemFile.ReadText("/proc/sys/kernel/osrelease")}, x86-64")
            : new Finding("kernel", FindingState.Missing, $"this processor is {RuntimeInformation.ProcessArchitecture}", "use a machine with an x86-64 processor");
}
