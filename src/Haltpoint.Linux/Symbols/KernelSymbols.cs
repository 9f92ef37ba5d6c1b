using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Haltpoint.Linux.Symbols;

/// <summary>The kernel's symbols as /proc/kallsyms shows them.</summary>
/// <remarks>Functions always; variables only where the kernel was built with KALLSYMS_ALL. Without privilege every address reads 0 (kptr_restrict).</remarks>
internal sealed class KernelSymbols
{
    /// <summary>What the kernel's frames have for a module.</summary>
    public const string Module = "[kernel]";

    private readonly List<(ulong Address, string Name)> _symbols = [];

    private KernelSymbols()
    {
    }

    /// <summary>Whether addresses are shown.</summary>
    public bool AreShown => _symbols.Count > 0;

    /// <summary>Whether ordinary variables are among them.</summary>
    public bool HasVariables => TryFind("jiffies", out _);

    public static KernelSymbols Read()
    {
        KernelSymbols symbols = new();
        try
        {
            foreach (string line in File.ReadLines("/proc/kallsyms"))
            {
                symbols.Add(line);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As if nothing were shown.
        }

        // Stable: of several names at one address the first in the list is the one that frames show.
        List<(ulong Address, string Name)> list = symbols._symbols;
        bool sorted = true;
        for (int i = 1; i < list.Count && sorted; i++)
        {
            sorted = list[i - 1].Address <= list[i].Address;
        }

        if (!sorted)
        {
            list.Sort((a, b) => a.Address.CompareTo(b.Address));
        }

        return symbols;
    }

    public CodeFrame Locate(ulong address)
    {
        int low = 0;
        int high = _symbols.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_symbols[middle].Address <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low == 0)
        {
            return new CodeFrame(null, null, 0, Module, address, false);
        }

        (ulong start, string name) = _symbols[low - 1];
        return new CodeFrame(name, null, 0, Module, address - start, false);
    }

    public bool TryFind(string name, out ulong address)
    {
        foreach ((ulong candidate, string symbol) in _symbols)
        {
            if (symbol == name)
            {
                address = candidate;
                return true;
            }
        }

        address = 0;
        return false;
    }

    public void Offer(NearestNames nearest)
    {
        foreach ((_, string symbol) in _symbols)
        {
            nearest.Offer(symbol);
        }
    }

    private void Add(ReadOnlySpan<char> line)
    {
        int space = line.IndexOf(' ');
        if (space > 0 && ulong.TryParse(line[..space], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong address)
            && address != 0 && line.Length > space + 3)
        {
            ReadOnlySpan<char> name = line[(space + 3)..];
            int tab = name.IndexOf('\t'); // The module it belongs to follows.
            name = tab < 0 ? name : name[..tab];
            if (!name.StartsWith("__pfx_")) // Padding in front of a function, and of no use as a name.
            {
                _symbols.Add((address, name.ToString()));
            }
        }
    }
}
