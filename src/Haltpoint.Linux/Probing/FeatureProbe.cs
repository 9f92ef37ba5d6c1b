using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Probing;

/// <summary>Abilities of kernel and processor that the server uses when they are there.</summary>
internal static unsafe class FeatureProbe
{
    public static IEnumerable<Finding> Look()
    {
        yield return LookAtProcessMemory();
        yield return LookAtPidFd();
        yield return LookAtRegisters();
    }

    /// <summary>Its own memory: what fails here fails for every process.</summary>
    private static Finding LookAtProcessMemory()
    {
        long source = 0x68616c74706f696e;
        long copy = 0;
        IoVector from = new() { Start = &source, Length = sizeof(long) };
        IoVector to = new() { Start = &copy, Length = sizeof(long) };
        return Libc.ProcessVmRead(Libc.GetPid(), &to, 1, &from, 1, 0) == sizeof(long) && copy == source
            ? new Finding("process_vm_readv", FindingState.Good, "works")
            : new Finding("process_vm_readv", FindingState.Limited, $"refused ({SystemErrorText()}): memory is read through /proc, which costs more", "allow process_vm_readv in the container's seccomp profile");
    }

    private static Finding LookAtPidFd()
    {
        int file = Libc.PidFdOpen(Libc.GetPid(), 0);
        if (file < 0)
        {
            return new Finding("pidfd", FindingState.Limited, $"refused ({SystemErrorText()})", "use Linux 5.3 or later, or allow pidfd_open in the container's seccomp profile");
        }

        Libc.Close(file);
        return new Finding("pidfd", FindingState.Good, "works");
    }

    private static Finding LookAtRegisters()
    {
        List<string> sets = ["core", "x87", "SSE"];
        if (Avx.IsSupported)
        {
            sets.Add("AVX");
        }

        if (Avx512F.IsSupported)
        {
            sets.Add("AVX-512");
        }

        // CPUID leaf 7, ECX bit 4: the system has turned protection keys on (SDM vol. 2, CPUID).
        const int KeysOn = 1 << 4;
        if ((X86Base.CpuId(7, 0).Ecx & KeysOn) != 0)
        {
            sets.Add("PKRU");
        }

        return new Finding("registers", FindingState.Good, string.Join(", ", sets));
    }

    private static string SystemErrorText() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
}
