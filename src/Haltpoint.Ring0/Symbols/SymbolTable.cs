using System;
using Haltpoint.Ring0.Boot;

namespace Haltpoint.Ring0.Symbols;

/// <summary>Names of the image's functions, put into it by a second link (eng/link-ring0): a count, then addresses and names as offsets, ascending.</summary>
internal static unsafe class SymbolTable
{
    /// <param name="offset">Distance from where the function begins.</param>
    /// <returns>Empty for an address outside the code.</returns>
    public static ReadOnlySpan<byte> NameOf(ulong address, out ulong offset)
    {
        uint* table = (uint*)ImageLayout.Symbols();
        Entry* entries = (Entry*)(table + 1);
        offset = 0;
        if (address < ImageLayout.TextStart() || address >= ImageLayout.TextEnd())
        {
            return default;
        }

        uint wanted = (uint)(address - ImageLayout.TextStart());
        int low = 0;
        int high = (int)*table;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (entries[middle].Offset <= wanted)
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
            return default;
        }

        byte* name = (byte*)table + entries[low - 1].Name;
        int length = 0;
        while (name[length] != 0)
        {
            length++;
        }

        offset = wanted - entries[low - 1].Offset;
        return new ReadOnlySpan<byte>(name, length);
    }

    private struct Entry
    {
        public uint Offset;
        public uint Name;
    }
}
