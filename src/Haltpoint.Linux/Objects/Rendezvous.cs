using System;
using System.Buffers.Binary;

namespace Haltpoint.Linux.Objects;

/// <summary><c>struct r_debug</c>: what the dynamic linker keeps for debuggers, one for each namespace of objects (link.h).</summary>
internal readonly struct Rendezvous
{
    private const ulong ProgramHeaders = 3; // AT_PHDR
    private const ulong HeaderLength = 4; // AT_PHENT
    private const ulong HeaderCount = 5; // AT_PHNUM
    private const uint DynamicSegment = 2; // PT_DYNAMIC
    private const uint HeadersSegment = 6; // PT_PHDR
    private const ulong DebugTag = 21; // DT_DEBUG

    // A program cannot have more than the kernel lets it map; these stop a walk through memory that is no list.
    private const int MostHeaders = 1024;
    private const int MostTags = 4096;

    private Rendezvous(ulong address, ulong version, ulong firstMap, ulong next)
    {
        Address = address;
        FirstMap = firstMap;
        // Version 1 ends before this member.
        Next = version >= 2 ? next : 0;
    }

    /// <summary>Of the structure itself: what clients know a namespace by.</summary>
    public ulong Address { get; }

    /// <summary>0 until the dynamic linker has something to show.</summary>
    public ulong FirstMap { get; }

    /// <summary>Of the next namespace; 0 for the last.</summary>
    public ulong Next { get; }

    /// <summary>The structure of the namespace that the program itself is in.</summary>
    /// <returns>False for a static program, and before the dynamic linker has run.</returns>
    public static bool TryFind(ProgramImage program, out Rendezvous rendezvous)
    {
        rendezvous = default;
        return TryFindPointer(program, out ulong pointer)
            && program.TryReadWord(pointer, out ulong address)
            && TryRead(program, address, out rendezvous);
    }

    /// <summary>Where the program's dynamic section has the structure's address, which the dynamic linker fills in when it starts.</summary>
    public static bool TryFindPointer(ProgramImage program, out ulong pointer)
    {
        pointer = 0;
        return TryFindDynamic(program, out ulong dynamic) && TryFindTag(program, dynamic, DebugTag, out pointer, out _);
    }

    public static bool TryRead(ProgramImage program, ulong address, out Rendezvous rendezvous)
    {
        const int words = 5;
        int length = program.WordLength;
        Span<byte> bytes = stackalloc byte[(words + 1) * sizeof(ulong)];
        rendezvous = default;
        if (address == 0 || !program.TryRead(address, bytes[..(words * length)]))
        {
            return false;
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        ulong next = 0;
        if (version >= 2)
        {
            program.TryReadWord(address + (ulong)(words * length), out next);
        }

        rendezvous = new Rendezvous(address, version, program.Word(bytes[length..]), next);
        return version != 0;
    }

    /// <summary>The value of a tag in a dynamic section.</summary>
    public static bool TryFindTag(ProgramImage program, ulong dynamic, ulong tag, out ulong value) =>
        TryFindTag(program, dynamic, tag, out _, out value);

    private static bool TryFindTag(ProgramImage program, ulong dynamic, ulong tag, out ulong location, out ulong value)
    {
        int length = program.WordLength;
        Span<byte> entry = stackalloc byte[2 * sizeof(ulong)];
        location = 0;
        value = 0;
        for (int i = 0; i < MostTags; i++, dynamic += (ulong)(2 * length))
        {
            if (!program.TryRead(dynamic, entry[..(2 * length)]) || program.Word(entry) == 0)
            {
                return false;
            }

            if (program.Word(entry) == tag)
            {
                location = dynamic + (ulong)length;
                value = program.Word(entry[length..]);
                return true;
            }
        }

        return false;
    }

    private static bool TryFindDynamic(ProgramImage program, out ulong dynamic)
    {
        dynamic = 0;
        if (!program.TryGetAuxiliary(ProgramHeaders, out ulong table)
            || !program.TryGetAuxiliary(HeaderLength, out ulong stride)
            || !program.TryGetAuxiliary(HeaderCount, out ulong count))
        {
            return false;
        }

        // Elf64_Phdr: type, flags, offset, address; Elf32_Phdr: type, offset, address.
        int addressOffset = program.Is64Bit ? 16 : 8;
        Span<byte> header = stackalloc byte[24];
        bool hasDynamic = false;
        ulong relocation = 0;
        for (ulong i = 0; i < Math.Min(count, MostHeaders); i++)
        {
            if (!program.TryRead(table + (i * stride), header[..(addressOffset + program.WordLength)]))
            {
                return false;
            }

            ulong address = program.Word(header[addressOffset..]);
            switch (BinaryPrimitives.ReadUInt32LittleEndian(header))
            {
                case HeadersSegment:
                    relocation = table - address;
                    break;
                case DynamicSegment:
                    dynamic = address;
                    hasDynamic = true;
                    break;
            }
        }

        dynamic += relocation;
        if (!program.Is64Bit)
        {
            dynamic = (uint)dynamic;
        }

        return hasDynamic;
    }
}
