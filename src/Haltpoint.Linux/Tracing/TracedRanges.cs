using System;
using System.Collections.Generic;
using System.IO;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Tracing;

/// <summary>Which ranges can be meant, and in one line why another cannot.</summary>
internal static class TracedRanges
{
    private const ulong WordSize = 8;

    /// <summary>Why a mapping cannot be traced; null when nothing is known against it.</summary>
    public static string? ReasonAgainst(Mapping mapping) =>
        mapping.Path is "[vdso]" or "[vvar]" or "[vvar_vclock]" or "[vsyscall]"
            ? $"{mapping.Path} belongs to the kernel, which maps it into every process: it cannot be traced"
            : mapping.IsExecutable && !mapping.IsWritable
                ? $"{MappingPattern.NameOf(mapping)} at 0x{mapping.Start:x} holds code, of which each instruction would be an access: it cannot be traced"
            : !mapping.IsReadable && !mapping.IsWritable
                ? $"{MappingPattern.NameOf(mapping)} at 0x{mapping.Start:x} allows no access that could be traced"
                : null;

    /// <summary>Why a range cannot be traced; null when nothing is known against it.</summary>
    public static string? ReasonAgainst(int process, MemoryMap map, ulong start, ulong length)
    {
        if (length == 0 || start + length < start)
        {
            return $"{length} bytes at 0x{start:x} are no range of addresses";
        }

        ulong address = start;
        while (address < start + length)
        {
            if (!map.TryFind(address, out Mapping mapping))
            {
                return $"address 0x{address:x} is not mapped in process {process}; /proc/{process}/maps lists what is";
            }

            if (ReasonAgainst(mapping) is { } reason)
            {
                return reason;
            }

            address = mapping.End;
        }

        return null;
    }

    /// <summary>Finds a variable.</summary>
    /// <returns>Null, or why it is not found.</returns>
    public static string? TryFindVariable(ProcessModules modules, string text, out string name, out ulong start, out ulong length)
    {
        (name, start, length) = (text, 0, 0);
        if (!LocationText.TryParse(text, out LocationText location))
        {
            return $"'{text}' is none of: symbol, symbol+8, file.c:variable, library.so:symbol";
        }

        if (location.Address is not null)
        {
            return $"'{text}' is an address: give a range, --range {text}+LENGTH";
        }

        if (new SymbolFinder(modules).Find(location, wantsCode: false, out string problem) is not { } symbol)
        {
            return problem;
        }

        name = location.Offset == 0 ? symbol.Name : $"{symbol.Name}+{location.Offset}";
        start = symbol.Address + location.Offset;
        length = symbol.Size > location.Offset ? symbol.Size - location.Offset : WordSize;
        return null;
    }

    public static string NoMatch(int process, string pattern, MemoryMap map)
    {
        NearestNames nearest = new(Path.GetFileName(pattern));
        foreach (Mapping mapping in map.Mappings)
        {
            nearest.Offer(Path.GetFileName(MappingPattern.NameOf(mapping)));
        }

        string names = nearest.ToString();
        return $"no mapping of process {process} matches '{pattern}'"
            + (names.Length > 0 ? $"; nearest: {names}" : $"; /proc/{process}/maps lists what there is");
    }
}
