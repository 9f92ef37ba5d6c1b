using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Symbols;

/// <summary>Finds the variable or function that a name means in a process.</summary>
/// <remarks>
/// The symbol tables come first, the program's before those of its libraries and global names before local ones, as a linker would
/// resolve it. What they lack or cannot tell apart, such as a static variable of one file, is looked for in the debug information.
/// One caller at a time.
/// </remarks>
internal sealed unsafe class SymbolFinder(ProcessModules modules)
{
    private const int TypeNone = 0;
    private const int TypeObject = 1;
    private const int TypeFunction = 2;
    private const int TypeThreadLocal = 6;
    private const int TypeIndirectFunction = 10;
    private const int BindingLocal = 0;

    /// <summary>Looks for it.</summary>
    /// <param name="location">What was typed; it names a symbol.</param>
    /// <param name="wantsCode">Whether a function is wanted, or a variable.</param>
    /// <param name="problem">When there is none, or more than one: one line that says so and what to type instead.</param>
    public FoundSymbol? Find(in LocationText location, bool wantsCode, out string problem)
    {
        problem = "";
        List<LoadedModule> searched = [];
        foreach (LoadedModule module in modules.Modules)
        {
            if (location.Module is null || IsNamed(module, location.Module))
            {
                searched.Add(module);
            }
        }

        if (searched.Count == 0)
        {
            problem = ProblemWithoutModule(location);
            return null;
        }

        if (location.File is null)
        {
            foreach (LoadedModule module in searched)
            {
                List<FoundSymbol> found = FindInTable(module, location.Symbol, wantsCode, out bool isThreadLocal);
                if (found.Count == 1)
                {
                    return found[0];
                }

                if (isThreadLocal)
                {
                    problem = $"'{location.Symbol}' is thread-local: it has an address in each thread; give the address in the one you mean";
                    return null;
                }

                if (found.Count > 1)
                {
                    return TellApart(module, location.Symbol, found, wantsCode, out problem);
                }
            }
        }

        if (wantsCode)
        {
            return NoSymbol(location, searched, wantsCode, out problem);
        }

        if (FindInDebugInfo(location, searched, out problem) is { } variable)
        {
            return variable;
        }

        int path = DebugMembers.PathStart(location.Symbol);
        return path < 0 ? null
            : Find(location with { Symbol = location.Symbol[..path] }, wantsCode, out problem) is { } whole ? DebugMembers.Find(whole, location.Symbol[path..], out problem)
            : null;
    }

    /// <summary>Whether a module names any function of its own.</summary>
    public static bool HasFunctions(LoadedModule module) => Table(module, wantsCode: true).Exists(s => s.Type == TypeFunction && s.Size > 0);

    private static bool IsNamed(LoadedModule module, string name) =>
        name.Contains('/', StringComparison.Ordinal)
            ? module.Path == name
            : module.Name == name
                || (module.Name.StartsWith(name, StringComparison.Ordinal) && module.Name.AsSpan(name.Length).StartsWith(".so"))
                || (module.Name.StartsWith(name, StringComparison.Ordinal) && name.EndsWith(".so", StringComparison.Ordinal));

    private static List<FoundSymbol> FindInTable(LoadedModule module, string name, bool wantsCode, out bool isThreadLocal)
    {
        List<FoundSymbol> global = [];
        List<FoundSymbol> local = [];
        isThreadLocal = false;
        foreach (TableSymbol symbol in Table(module, wantsCode))
        {
            if (!IsNamed(symbol.Name, name, wantsCode))
            {
                continue;
            }

            if (symbol.Type == TypeThreadLocal)
            {
                isThreadLocal = true;
                continue;
            }

            List<FoundSymbol> list = symbol.Binding == BindingLocal ? local : global;
            if (!list.Exists(f => f.Address == symbol.Address))
            {
                list.Add(new FoundSymbol(Demangler.Demangle(symbol.Name), symbol.Address, symbol.Size, module, null));
            }
        }

        return global.Count > 0 ? global : local;
    }

    private static bool IsNamed(string symbol, string wanted, bool wantsCode)
    {
        if (symbol == wanted)
        {
            return true;
        }

        if (symbol.Length < 3 || symbol[0] != '_' || symbol[1] is not ('Z' or 'R'))
        {
            // A static variable of a function: the compiler numbers them.
            int dot = symbol.IndexOf('.', StringComparison.Ordinal);
            return dot == wanted.Length && symbol.StartsWith(wanted, StringComparison.Ordinal) && !symbol.AsSpan(dot + 1).ContainsAnyExceptInRange('0', '9');
        }

        string readable = Demangler.Demangle(symbol);
        return readable == wanted || (wantsCode && Demangler.WithoutParameters(readable) == wanted);
    }

    private readonly record struct TableSymbol(string Name, ulong Address, ulong Size, int Type, int Binding);

    private static List<TableSymbol> Table(LoadedModule module, bool wantsCode)
    {
        List<TableSymbol> symbols = [];
        int count = Libdw.SymbolCount(module.Pointer);
        for (int i = 1; i < count; i++)
        {
            Libdw.Symbol symbol;
            ulong address;
            uint section;
            byte* name = Libdw.SymbolAt(module.Pointer, i, &symbol, &address, &section, null, null);
            bool wanted = symbol.Type switch
            {
                TypeObject or TypeThreadLocal => !wantsCode,
                TypeFunction or TypeIndirectFunction => wantsCode,
                TypeNone => true,
                _ => false,
            };
            if (name != null && *name != 0 && wanted && section != 0)
            {
                symbols.Add(new TableSymbol(Marshal.PtrToStringUTF8((nint)name)!, address, symbol.Size, symbol.Type, symbol.Binding));
            }
        }

        return symbols;
    }

    // Several of one name, each in a file of its own: the debug information knows the files.
    private static FoundSymbol? TellApart(LoadedModule module, string name, List<FoundSymbol> found, bool wantsCode, out string problem)
    {
        List<string> choices = [];
        if (!wantsCode)
        {
            foreach (FoundSymbol variable in DebugVariables.Find(module, null, name))
            {
                choices.Add($"{Path.GetFileName(variable.File)}:{name}");
            }
        }

        if (choices.Count == 0)
        {
            choices = found.ConvertAll(f => $"0x{f.Address:x}");
        }

        choices.Sort(StringComparer.Ordinal);
        problem = $"{found.Count} symbols of {module.Name} are named '{name}': say which, {string.Join(" or ", choices)}";
        return null;
    }

    private static FoundSymbol? FindInDebugInfo(in LocationText location, List<LoadedModule> searched, out string problem)
    {
        foreach (LoadedModule module in searched)
        {
            List<FoundSymbol> found = DebugVariables.Find(module, location.File, location.Symbol);
            if (found.Count == 1)
            {
                problem = "";
                return found[0];
            }

            if (found.Count > 1)
            {
                problem = $"{found.Count} variables of {module.Name} are named '{location.Symbol}': "
                    + $"say which, {string.Join(" or ", found.ConvertAll(f => $"{Path.GetFileName(f.File)}:{f.Name} at 0x{f.Address:x}"))}";
                return null;
            }
        }

        return NoSymbol(location, searched, wantsCode: false, out problem);
    }

    private static FoundSymbol? NoSymbol(in LocationText location, List<LoadedModule> searched, bool wantsCode, out string problem)
    {
        NearestNames nearest = new(location.Symbol);
        int symbols = 0;
        foreach (LoadedModule module in searched)
        {
            foreach (TableSymbol symbol in Table(module, wantsCode))
            {
                symbols += module.IsMain || location.Module is not null ? 1 : 0;
                if (symbol.Type != TypeNone)
                {
                    nearest.Offer(Demangler.WithoutParameters(Demangler.Demangle(symbol.Name)));
                }
            }

            if (location.File is not null)
            {
                foreach (FoundSymbol variable in DebugVariables.Find(module, location.File, null))
                {
                    nearest.Offer(variable.Name);
                }
            }
        }

        string kind = wantsCode ? "function" : "variable";
        string place = location.File ?? location.Module ?? $"{searched[0].Name} or its libraries";
        string names = nearest.ToString();
        problem = $"no {kind} '{location.Symbol}' in {place}"
            + (names.Length > 0 ? $"; nearest: {names}" : "")
            + (symbols == 0
                ? $"; {searched[0].Name} is stripped: install its debug symbols, or give an address"
                : location.File is not null && !DebugVariables.Exist(searched) ? $"; {searched[0].Name} has no debug information: compile with -g or install its debug symbols" : "");
        return null;
    }

    private string ProblemWithoutModule(in LocationText location)
    {
        if (modules.Session == null)
        {
            return "symbols need the library libdw.so.1: apt-get install libdw1, or give an address";
        }

        NearestNames nearest = new(location.Module ?? "");
        foreach (LoadedModule module in modules.Modules)
        {
            nearest.Offer(module.Name);
        }

        string names = nearest.ToString();
        return modules.Modules.Count == 0
            ? $"the mappings of process {modules.Process} cannot be read: run as its user or as root, or give an address"
            : $"no library '{location.Module}' is loaded in process {modules.Process}" + (names.Length > 0 ? $"; nearest: {names}" : "");
    }
}
