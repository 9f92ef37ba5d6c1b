using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Symbols;

/// <summary>Variables with a fixed address as the debug information of a module lists them, static ones of files and functions included.</summary>
internal static unsafe class DebugVariables
{
    private const int TagVariable = 0x34;
    private const int TagSubprogram = 0x2E;
    private const int TagLexicalBlock = 0x0B;
    private const int TagNamespace = 0x39;
    private const int TagModule = 0x1E;
    private const uint AttributeLocation = 0x02;
    private const uint AttributeType = 0x49;
    private const byte OperationAddress = 0x03;

    /// <summary>Whether any of the modules has debug information.</summary>
    public static bool Exist(List<LoadedModule> modules)
    {
        ulong bias;
        foreach (LoadedModule module in modules)
        {
            if (Libdw.NextUnit(module.Pointer, null, &bias) != null)
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="module">Where.</param>
    /// <param name="file">Only in source files whose path ends like this; null for all.</param>
    /// <param name="name">Only variables of this name; null for all.</param>
    public static List<FoundSymbol> Find(LoadedModule module, string? file, string? name)
    {
        List<FoundSymbol> found = [];
        ulong bias;
        for (Libdw.Die* unit = Libdw.NextUnit(module.Pointer, null, &bias); unit != null; unit = Libdw.NextUnit(module.Pointer, unit, &bias))
        {
            string unitFile = Text(Libdw.Name(unit));
            if (file is null || EndsWithPath(unitFile, file))
            {
                AddChildren(found, unit, new Search(module, unitFile, name, bias));
            }
        }

        return found;
    }

    /// <summary>The type of the variable at an address.</summary>
    public static bool TryFindType(LoadedModule module, ulong address, Libdw.Die* type)
    {
        ulong bias;
        for (Libdw.Die* unit = Libdw.NextUnit(module.Pointer, null, &bias); unit != null; unit = Libdw.NextUnit(module.Pointer, unit, &bias))
        {
            Libdw.Die variable;
            if (TryFindAt(unit, address - bias, &variable))
            {
                return TryTypeOf(&variable, type);
            }
        }

        return false;
    }

    /// <summary>What an entry says its type is; <paramref name="type"/> may be the entry itself.</summary>
    public static bool TryTypeOf(Libdw.Die* die, Libdw.Die* type)
    {
        Libdw.Attribute attribute;
        return Libdw.FindAttribute(die, AttributeType, &attribute) != null && Libdw.AsDie(&attribute, type) != null;
    }

    private readonly record struct Search(LoadedModule Module, string File, string? Name, ulong Bias);

    private static bool TryFindAt(Libdw.Die* parent, ulong address, Libdw.Die* variable)
    {
        Libdw.Die child;
        for (bool isThere = Libdw.Child(parent, &child) == 0; isThere; isThere = Libdw.Sibling(&child, &child) == 0)
        {
            switch (Libdw.Tag(&child))
            {
                case TagVariable when TryAddressOf(&child, out ulong place) && place == address:
                    *variable = child;
                    return true;
                case TagSubprogram or TagLexicalBlock or TagNamespace or TagModule when TryFindAt(&child, address, variable):
                    return true;
            }
        }

        return false;
    }

    private static void AddChildren(List<FoundSymbol> found, Libdw.Die* parent, in Search search)
    {
        Libdw.Die child;
        if (Libdw.Child(parent, &child) != 0)
        {
            return;
        }

        do
        {
            switch (Libdw.Tag(&child))
            {
                case TagVariable:
                    Add(found, &child, search);
                    break;
                case TagSubprogram or TagLexicalBlock or TagNamespace or TagModule:
                    AddChildren(found, &child, search);
                    break;
            }
        }
        while (Libdw.Sibling(&child, &child) == 0);
    }

    private static void Add(List<FoundSymbol> found, Libdw.Die* variable, in Search search)
    {
        string name = Text(Libdw.Name(variable));
        if (name.Length == 0 || (search.Name is not null && name != search.Name))
        {
            return;
        }

        if (!TryAddressOf(variable, out ulong place))
        {
            return;
        }

        ulong address = place + search.Bias;
        if (!found.Exists(f => f.Address == address))
        {
            found.Add(new FoundSymbol(name, address, SizeOf(variable), search.Module, search.File));
        }
    }

    private static bool TryAddressOf(Libdw.Die* variable, out ulong address)
    {
        Libdw.Attribute attribute;
        Libdw.Operation* operations = null;
        nuint count;
        bool isFixed = Libdw.FindAttribute(variable, AttributeLocation, &attribute) != null
            && Libdw.AsLocation(&attribute, &operations, &count) == 0 && count == 1 && operations->Atom == OperationAddress;
        address = isFixed ? operations->Number : 0;
        return isFixed;
    }

    private static ulong SizeOf(Libdw.Die* variable)
    {
        Libdw.Die type;
        ulong size;
        return TryTypeOf(variable, &type) && Libdw.TypeSize(&type, &size) == 0 ? size : 0;
    }

    private static bool EndsWithPath(string path, string end) =>
        path.EndsWith(end, StringComparison.Ordinal)
        && (path.Length == end.Length || end.StartsWith('/') || path[^(end.Length + 1)] == '/');

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
