using System;
using System.Globalization;
using System.IO;

namespace Haltpoint.Linux.Probing;

/// <summary>What the kernel says this process may do (proc_pid_status(5)).</summary>
internal sealed record Privileges(ulong Capabilities, int SeccompMode, bool HasNoNewPrivileges)
{
    // linux/capability.h.
    private const int SysPtrace = 19;
    private const int SysAdmin = 21;
    private const int Perfmon = 38;

    public bool CanTraceOthers => Has(SysPtrace);

    public bool CanUsePerf => Has(Perfmon) || Has(SysAdmin);

    public static Privileges Read()
    {
        ulong capabilities = 0;
        int seccomp = 0;
        bool noNew = false;
        foreach (string line in File.ReadLines("/proc/self/status"))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string value = line[(colon + 1)..].Trim();
            switch (line[..Math.Max(colon, 0)])
            {
                case "CapEff":
                    capabilities = ulong.Parse(value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                    break;
                case "Seccomp":
                    seccomp = int.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "NoNewPrivs":
                    noNew = value == "1";
                    break;
            }
        }

        return new Privileges(capabilities, seccomp, noNew);
    }

    private bool Has(int capability) => (Capabilities >> capability & 1) != 0;
}
