using System.Reflection;

namespace Haltpoint.Cli;

internal static class HaltpointVersion
{
    /// <summary>Three numbers, without the build's own additions.</summary>
    public static string Text => Assembly.GetExecutingAssembly().GetName().Version!.ToString(3);
}
