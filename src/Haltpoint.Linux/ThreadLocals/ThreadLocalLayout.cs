using System;
using System.Buffers.Binary;
using Haltpoint.Linux.Objects;

namespace Haltpoint.Linux.ThreadLocals;

/// <summary>Where this program's C library keeps what thread-local variables are found by.</summary>
/// <remarks>
/// The offsets change with each version of glibc. It describes them itself, in data symbols <c>_thread_db_*</c> meant for its
/// libthread_db, as three 32-bit numbers: width in bits, count, offset. They are exported (so a stripped library has them) since
/// 2.34; before that they are local symbols of libpthread.
/// </remarks>
internal sealed class ThreadLocalLayout
{
    private const int LongestPath = 4096;

    private ThreadLocalLayout(int moduleOffset, int? staticOffset, SlotList? slots)
    {
        ModuleOffset = moduleOffset;
        StaticOffset = staticOffset;
        Slots = slots;
    }

    /// <summary>In struct link_map: number of the object's module, 0 when it has no thread-local variables.</summary>
    public int ModuleOffset { get; }

    /// <summary>In struct link_map: how far below the thread pointer the module's block is in every thread, when it is.</summary>
    public int? StaticOffset { get; }

    public SlotList? Slots { get; }

    /// <summary>The dynamic linker's list of modules, and in it the generation at which each module came.</summary>
    /// <param name="Head">Address of the pointer to the first part.</param>
    /// <param name="Length">Offset of the number of entries of a part.</param>
    /// <param name="Next">Offset of the pointer to the next part.</param>
    /// <param name="Entries">Offset of the first entry.</param>
    /// <param name="EntryLength">Bytes of an entry.</param>
    /// <param name="Generation">Offset in an entry.</param>
    internal sealed record SlotList(ulong Head, int Length, int Next, int Entries, int EntryLength, int Generation);

    /// <returns>Null while the C library is not loaded, or when it is another than glibc.</returns>
    public static ThreadLocalLayout? Find(ProgramImage program, string root)
    {
        if (!Rendezvous.TryFind(program, out Rendezvous rendezvous))
        {
            return null;
        }

        foreach (LinkMap map in LinkMap.Walk(program, rendezvous.FirstMap, 0))
        {
            Lookup exported = name => DynamicSymbols.TryFind(program, map, name, out ulong address) ? address : 0;
            if (FromObject(program, rendezvous, exported) is { } layout)
            {
                return layout;
            }
        }

        foreach (LinkMap map in LinkMap.Walk(program, rendezvous.FirstMap, 0))
        {
            string path = program.ReadText(map.Name, LongestPath);
            if (path.Contains("libpthread", StringComparison.Ordinal) && FileSymbols.Open(root + path, program.Is64Bit) is { } file)
            {
                Lookup local = name => file.TryFind(name, out ulong value) ? map.LoadAddress + value : 0;
                return FromObject(program, rendezvous, local);
            }
        }

        return null;
    }

    /// <summary>Address of a symbol, 0 when there is none.</summary>
    private delegate ulong Lookup(string name);

    private static ThreadLocalLayout? FromObject(ProgramImage program, in Rendezvous rendezvous, Lookup lookup) =>
        ReadOffset(program, lookup, "_thread_db_link_map_l_tls_modid") is { } module
            ? new ThreadLocalLayout(module, ReadOffset(program, lookup, "_thread_db_link_map_l_tls_offset"), FindSlots(program, rendezvous, lookup))
            : null;

    private static SlotList? FindSlots(ProgramImage program, in Rendezvous rendezvous, Lookup lookup)
    {
        ulong global = 0;
        foreach (LinkMap map in LinkMap.Walk(program, rendezvous.FirstMap, 0))
        {
            if (DynamicSymbols.TryFind(program, map, "_rtld_global", out global))
            {
                break;
            }
        }

        return global != 0
            && ReadOffset(program, lookup, "_thread_db_rtld_global__dl_tls_dtv_slotinfo_list") is { } head
            && ReadOffset(program, lookup, "_thread_db_dtv_slotinfo_list_len") is { } length
            && ReadOffset(program, lookup, "_thread_db_dtv_slotinfo_list_next") is { } next
            && ReadOffset(program, lookup, "_thread_db_dtv_slotinfo_list_slotinfo") is { } entries
            && ReadNumber(program, lookup("_thread_db_sizeof_dtv_slotinfo")) is { } entryLength
            && ReadOffset(program, lookup, "_thread_db_dtv_slotinfo_gen") is { } generation
                ? new SlotList(global + (ulong)head, length, next, entries, entryLength, generation)
                : null;
    }

    private static int? ReadOffset(ProgramImage program, Lookup lookup, string name)
    {
        const int offset = 8;
        ulong descriptor = lookup(name);
        return descriptor == 0 ? null : ReadNumber(program, descriptor + offset);
    }

    private static int? ReadNumber(ProgramImage program, ulong address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        return address != 0 && program.TryRead(address, bytes) ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : null;
    }
}
