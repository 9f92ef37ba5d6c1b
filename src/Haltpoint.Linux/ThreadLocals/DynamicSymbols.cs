using System;
using System.Buffers.Binary;
using System.Text;
using Haltpoint.Linux.Objects;

namespace Haltpoint.Linux.ThreadLocals;

/// <summary>Finds exported symbols of a loaded object in the program's memory, as its dynamic linker does.</summary>
/// <remarks>No file is needed: the one on disk may have been replaced, or be in another mount namespace.</remarks>
internal static class DynamicSymbols
{
    private const ulong StringsTag = 5; // DT_STRTAB
    private const ulong SymbolsTag = 6; // DT_SYMTAB
    private const ulong HashTag = 0x6FFF_FEF5; // DT_GNU_HASH
    private const int LongestChain = 100_000;

    public static bool TryFind(ProgramImage program, in LinkMap map, string name, out ulong address)
    {
        address = 0;
        if (!TryFindTable(program, map, HashTag, out ulong hashTable)
            || !TryFindTable(program, map, SymbolsTag, out ulong symbols)
            || !TryFindTable(program, map, StringsTag, out ulong strings))
        {
            return false;
        }

        // Number of buckets, index of the first hashed symbol, words of the Bloom filter, its shift; filter, buckets, chains.
        Span<byte> header = stackalloc byte[16];
        if (!program.TryRead(hashTable, header))
        {
            return false;
        }

        uint buckets = BinaryPrimitives.ReadUInt32LittleEndian(header);
        uint firstHashed = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        uint filterWords = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        ulong bucketTable = hashTable + 16 + (filterWords * (ulong)program.WordLength);
        ulong chainTable = bucketTable + (buckets * 4ul);
        uint hash = Hash(name);
        if (buckets == 0 || !TryReadNumber(program, bucketTable + (hash % buckets * 4ul), out uint index) || index < firstHashed)
        {
            return false;
        }

        // The lowest bit of a chain entry marks the last one; the others are those of the symbol's hash.
        uint entry = 0;
        for (int i = 0; i < LongestChain && (entry & 1) == 0; i++, index++)
        {
            if (!TryReadNumber(program, chainTable + ((index - firstHashed) * 4ul), out entry))
            {
                return false;
            }

            if ((entry | 1) == (hash | 1) && TryReadSymbol(program, symbols, strings, index, name, out ulong value))
            {
                address = map.LoadAddress + value;
                return true;
            }
        }

        return false;
    }

    private static bool TryReadSymbol(ProgramImage program, ulong symbols, ulong strings, uint index, string name, out ulong value)
    {
        // Elf64_Sym: name 0, value 8, 24 bytes; Elf32_Sym: name 0, value 4, 16 bytes.
        int length = program.Is64Bit ? 24 : 16;
        Span<byte> symbol = stackalloc byte[length];
        value = 0;
        if (!program.TryRead(symbols + (index * (ulong)length), symbol)
            || program.ReadText(strings + BinaryPrimitives.ReadUInt32LittleEndian(symbol), name.Length + 1) != name)
        {
            return false;
        }

        value = program.Word(symbol[program.WordLength..]);
        return true;
    }

    /// <summary>The C library's dynamic linker stores absolute addresses over the offsets of the file.</summary>
    private static bool TryFindTable(ProgramImage program, in LinkMap map, ulong tag, out ulong table)
    {
        bool found = Rendezvous.TryFindTag(program, map.Dynamic, tag, out table);
        if (table < map.LoadAddress)
        {
            table += map.LoadAddress;
        }

        return found;
    }

    private static bool TryReadNumber(ProgramImage program, ulong address, out uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        bool read = program.TryRead(address, bytes);
        value = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return read;
    }

    private static uint Hash(string name)
    {
        uint hash = 5381;
        foreach (byte character in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash * 33) + character;
        }

        return hash;
    }
}
