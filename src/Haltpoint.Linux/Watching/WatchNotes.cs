using System.Collections.Generic;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Watching;

/// <summary>Says what will be missing from the hits in a process, and how to get it.</summary>
internal static class WatchNotes
{
    public static IEnumerable<string> About(ProcessModules modules)
    {
        if (!modules.HasSymbols)
        {
            yield return Libdw.IsPresent
                ? $"the mappings of process {modules.Process} cannot be read: places are addresses only"
                : "libdw.so.1 is missing: places are addresses only (apt-get install libdw1)";
            yield break;
        }

        foreach (LoadedModule module in modules.Modules)
        {
            if (module.IsMain && !DebugVariables.Exist([module]))
            {
                bool isStripped = !SymbolFinder.HasFunctions(module);
                yield return isStripped
                    ? $"{module.Name} is stripped: its places are offsets only; install its debug symbols (package {module.Name}-dbgsym or the like)"
                    : $"{module.Name} has no debug information: functions, but no lines; compile with -g or install its debug symbols";
            }
        }
    }
}
