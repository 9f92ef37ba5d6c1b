using System;
using System.Buffers.Binary;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.Tasks;

/// <summary>From an ELF file to memory and a first instruction (System V ABI, AMD64 supplement, and gABI chapter 5).</summary>
internal static class ProgramLoader
{
    private const int HeaderLength = 64;
    private const int SegmentLength = 56;
    private const uint Load = 1;
    private const uint Writable = 2;
    private const ulong StackLength = 0x1_0000;

    /// <param name="file">Its segments must lie in the space, and its tables in the file.</param>
    /// <param name="argument">The only one beside the name; may be empty.</param>
    /// <param name="name">What the program finds as its name.</param>
    /// <param name="space">Empty before; not empty even when it fails.</param>
    /// <param name="entry">The first instruction.</param>
    /// <param name="stack">The stack pointer there: the count of arguments, and their addresses.</param>
    public static bool TryLoad(
        ReadOnlySpan<byte> file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> argument, ref AddressSpace space, out ulong entry, out ulong stack)
    {
        entry = 0;
        stack = 0;
        if (file.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(file) != 0x464C_457F)
        {
            return false;
        }

        entry = BinaryPrimitives.ReadUInt64LittleEndian(file[24..]);
        int table = (int)BinaryPrimitives.ReadUInt64LittleEndian(file[32..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file[56..]);
        if (entry >= AddressSpace.End || table < 0 || table > file.Length - (count * SegmentLength))
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            if (!TryLoadSegment(file, file.Slice(table + (i * SegmentLength), SegmentLength), ref space))
            {
                return false;
            }
        }

        stack = MakeStack(name, argument, ref space);
        return true;
    }

    private static bool TryLoadSegment(ReadOnlySpan<byte> file, ReadOnlySpan<byte> segment, ref AddressSpace space)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(segment) != Load)
        {
            return true;
        }

        uint rights = BinaryPrimitives.ReadUInt32LittleEndian(segment[4..]);
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(segment[8..]);
        ulong address = BinaryPrimitives.ReadUInt64LittleEndian(segment[16..]);
        ulong inFile = BinaryPrimitives.ReadUInt64LittleEndian(segment[32..]);
        ulong inMemory = BinaryPrimitives.ReadUInt64LittleEndian(segment[40..]);
        ulong length = (ulong)file.Length;
        if (offset > length || inFile > length - offset || inFile > inMemory || address < PageTables.PageSize
            || address >= AddressSpace.StackTop - StackLength || inMemory > AddressSpace.StackTop - StackLength - address)
        {
            return false;
        }

        for (ulong page = address & ~(PageTables.PageSize - 1); page < address + inMemory; page += PageTables.PageSize)
        {
            space.Map(page, (rights & Writable) != 0 ? PageFlags.Writable : PageFlags.None);
        }

        return space.TryWrite(address, file.Slice((int)offset, (int)inFile));
    }

    private static ulong MakeStack(ReadOnlySpan<byte> name, ReadOnlySpan<byte> argument, ref AddressSpace space)
    {
        for (ulong page = AddressSpace.StackTop - StackLength; page < AddressSpace.StackTop; page += PageTables.PageSize)
        {
            space.Map(page, PageFlags.Writable | PageFlags.NoExecute);
        }

        // The pages are clear: each text ends with a zero.
        ulong nameAt = AddressSpace.StackTop - (ulong)name.Length - 1;
        ulong argumentAt = nameAt - (ulong)argument.Length - 1;
        space.TryWrite(nameAt, name);
        space.TryWrite(argumentAt, argument);
        Span<byte> words = stackalloc byte[4 * sizeof(ulong)];
        words.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(words, argument.IsEmpty ? 1ul : 2);
        BinaryPrimitives.WriteUInt64LittleEndian(words[8..], nameAt);
        BinaryPrimitives.WriteUInt64LittleEndian(words[16..], argument.IsEmpty ? 0 : argumentAt);
        ulong stack = (argumentAt - (ulong)words.Length) & ~15ul;
        space.TryWrite(stack, words);
        return stack;
    }
}
