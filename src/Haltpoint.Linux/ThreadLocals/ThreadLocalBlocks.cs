using System;
using Haltpoint.Linux.Objects;

namespace Haltpoint.Linux.ThreadLocals;

/// <summary>Finds the block of thread-local variables that a module has in a thread (glibc on x86; the ABI's "variant II").</summary>
/// <remarks>
/// The thread pointer points at the thread's control block, whose second word points at its vector of blocks. The vector has two
/// words for each module: entry 0 holds the generation up to which the thread has followed the dynamic linker, entry -1 the number
/// of entries, entry n the block of module n, all ones when the thread has not used it yet.
/// </remarks>
internal static class ThreadLocalBlocks
{
    // The program itself, when it has thread-local variables; a static program has no other module and no link map.
    private const ulong FirstModule = 1;
    private const int MostParts = 10_000;

    /// <param name="program">The program.</param>
    /// <param name="layout">Of its C library; null when that could not be found.</param>
    /// <param name="threadPointer">Of the thread: base of FS, or of GS in a 32-bit program.</param>
    /// <param name="linkMap">Address of the module's link map; 0 for a static program.</param>
    /// <param name="block">Address of the block.</param>
    /// <param name="refusal">Why there is none.</param>
    public static bool TryFind(ProgramImage program, ThreadLocalLayout? layout, ulong threadPointer, ulong linkMap, out ulong block, out string refusal)
    {
        block = 0;
        refusal = "the thread has no thread-local storage yet";
        ulong module = FirstModule;
        ulong generation = 0;
        if (linkMap != 0)
        {
            if (layout is null)
            {
                refusal = "the program's C library is not loaded yet, or not one whose thread-local storage is known (glibc)";
                return false;
            }

            if (!program.TryReadWord(linkMap + (ulong)layout.ModuleOffset, out module) || module == 0)
            {
                refusal = "the object has no thread-local variables";
                return false;
            }

            if (TryGetStatic(program, layout, linkMap, out ulong distance))
            {
                block = Cut(program, threadPointer - distance);
                return threadPointer != 0;
            }

            generation = GenerationOf(program, layout, module);
        }

        int length = program.WordLength;
        ulong entry = 2 * (ulong)length;
        if (threadPointer == 0 || !program.TryReadWord(threadPointer + (ulong)length, out ulong vector) || vector == 0
            || !program.TryReadWord(vector - entry, out ulong count) || !program.TryReadWord(vector, out ulong followed))
        {
            return false;
        }

        refusal = "the thread has not used the object's thread-local variables yet";
        return module <= count
            && followed >= generation
            && program.TryReadWord(vector + (module * entry), out block)
            && block != 0
            && block != Cut(program, ulong.MaxValue);
    }

    /// <summary>Modules that were there when the program started, and some later ones, are at the same distance in every thread.</summary>
    private static bool TryGetStatic(ProgramImage program, ThreadLocalLayout layout, ulong linkMap, out ulong distance)
    {
        // 0: not decided; all ones: decided against.
        distance = 0;
        return layout.StaticOffset is { } offset
            && program.TryReadWord(linkMap + (ulong)offset, out distance)
            && distance != 0
            && distance != Cut(program, ulong.MaxValue);
    }

    /// <summary>A thread that is behind it may still have the block of a module that had the number before.</summary>
    private static ulong GenerationOf(ProgramImage program, ThreadLocalLayout layout, ulong module)
    {
        if (layout.Slots is not { } slots || !program.TryReadWord(slots.Head, out ulong part))
        {
            return 0;
        }

        for (int i = 0; i < MostParts && part != 0 && program.TryReadWord(part + (ulong)slots.Length, out ulong length); i++)
        {
            if (module < length)
            {
                ulong entry = part + (ulong)slots.Entries + (module * (ulong)slots.EntryLength);
                return program.TryReadWord(entry + (ulong)slots.Generation, out ulong generation) ? generation : 0;
            }

            module -= length;
            if (!program.TryReadWord(part + (ulong)slots.Next, out part))
            {
                return 0;
            }
        }

        return 0;
    }

    private static ulong Cut(ProgramImage program, ulong value) => program.Is64Bit ? value : (uint)value;
}
