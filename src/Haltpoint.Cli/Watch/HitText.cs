using System.Collections.Generic;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary>The words about a hit that the output forms share.</summary>
internal static class HitText
{
    /// <summary>The frames of a hit, innermost first: its stack, or where it was made if there is none.</summary>
    public static IReadOnlyList<CodeFrame> Frames(in WatchHit hit) => hit.Stack.Count > 0 ? hit.Stack : [hit.Location];

    public static string Thread(in WatchHit hit) => $"{hit.ThreadName} ({hit.ThreadId})";
}
