using System;
using System.Collections.Generic;

namespace Haltpoint.Linux.Objects;

/// <summary>The public part of <c>struct link_map</c>: one loaded object (link.h).</summary>
internal readonly struct LinkMap
{
    /// <summary>Words of the public part.</summary>
    private const int Words = 5;

    // Stops a walk through a list that the program has damaged.
    private const int MostObjects = 100_000;

    private LinkMap(ulong address, ReadOnlySpan<ulong> words)
    {
        Address = address;
        LoadAddress = words[0];
        Name = words[1];
        Dynamic = words[2];
        Next = words[3];
        Previous = words[4];
    }

    /// <summary>Of the structure itself: what clients know an object by.</summary>
    public ulong Address { get; }

    /// <summary>What is added to the addresses in the file.</summary>
    public ulong LoadAddress { get; }

    /// <summary>Address of the path, which is empty for the program itself.</summary>
    public ulong Name { get; }

    /// <summary>Address of the dynamic section.</summary>
    public ulong Dynamic { get; }

    public ulong Next { get; }

    public ulong Previous { get; }

    public static bool TryRead(ProgramImage program, ulong address, out LinkMap map)
    {
        Span<byte> bytes = stackalloc byte[Words * sizeof(ulong)];
        Span<ulong> words = stackalloc ulong[Words];
        int length = program.WordLength;
        if (address == 0 || !program.TryRead(address, bytes[..(Words * length)]))
        {
            map = default;
            return false;
        }

        for (int i = 0; i < Words; i++)
        {
            words[i] = program.Word(bytes[(i * length)..]);
        }

        map = new LinkMap(address, words);
        return true;
    }

    /// <summary>The objects from one on, as far as each says that it follows the one before it: somebody may be changing the list.</summary>
    public static IEnumerable<LinkMap> Walk(ProgramImage program, ulong first, ulong previous)
    {
        ulong address = first;
        for (int i = 0; i < MostObjects && TryRead(program, address, out LinkMap map) && map.Previous == previous; i++)
        {
            yield return map;
            previous = map.Address;
            address = map.Next;
        }
    }
}
