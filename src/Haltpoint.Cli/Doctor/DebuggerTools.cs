using System.Collections.Generic;
using Haltpoint.Linux.Probing;
using Haltpoint.Linux.Serving;

namespace Haltpoint.Cli.Doctor;

/// <summary>The clients that are installed here. Neither is needed where clients connect from elsewhere.</summary>
internal static class DebuggerTools
{
    public static IEnumerable<Finding> Look()
    {
        yield return Look("gdb");
        yield return Look("lldb");
    }

    private static Finding Look(string tool)
    {
        try
        {
            return new Finding(tool, FindingState.Good, ToolRun.Run("/", tool, ["--version"]).Output.Split('\n')[0]);
        }
        catch (ServingException)
        {
            return new Finding(tool, FindingState.Limited, "not installed (needed only to connect from this machine)", $"sudo apt-get install {tool}");
        }
    }
}
