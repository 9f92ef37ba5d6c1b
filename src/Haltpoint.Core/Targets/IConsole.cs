using System;

namespace Haltpoint.Targets;

/// <summary>Where the target's side of the debugger prints: agent commands of breakpoints (gdb's <c>dprintf-style agent</c>).</summary>
public interface IConsole<TSelf>
    where TSelf : struct
{
    static virtual void PrintToConsole(ref TSelf self, ReadOnlySpan<byte> text) { }
}
