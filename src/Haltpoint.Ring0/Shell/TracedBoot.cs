using System;
using System.Runtime.InteropServices;
using Haltpoint.Ring0.Boot;

namespace Haltpoint.Ring0.Shell;

/// <summary>trace=NAME on the loader's command line: traces a driver at work, and switches the machine off.</summary>
internal static class TracedBoot
{
    private const uint FailedStatus = 17;

    [UnmanagedCallersOnly]
    public static void Run(nint argument)
    {
        ReadOnlySpan<byte> name = BootOptions.Trace;
        ReadOnlySpan<byte> number = default;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == ',')
            {
                number = name[(i + 1)..];
                name = name[..i];
                break;
            }
        }

        if (!TraceCommands.Run(name, number))
        {
            EmulatorExit.Fail(FailedStatus);
        }

        EmulatorExit.PowerOff();
    }
}
