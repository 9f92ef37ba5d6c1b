using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Symbols;

/// <summary>Names the functions, files and lines of addresses in one process, functions the compiler inlined included.</summary>
/// <remarks>One caller at a time. What it has named it remembers, so that a hit in a known place costs a look-up.</remarks>
internal sealed unsafe class CodeLocator(ProcessModules modules)
{
    private const int TagSubprogram = 0x2E;
    private const int TagInlined = 0x1D;
    private const uint AttributeLinkageName = 0x6E;
    private const uint AttributeOldLinkageName = 0x2007;
    private const uint AttributeCallFile = 0x58;
    private const uint AttributeCallLine = 0x59;

    private readonly Dictionary<ulong, CodeFrame[]> _known = [];
    private readonly PerfMapFile _perfMap = new(modules.Process);

    /// <summary>The function at an address, and around it those it is inlined into; never empty.</summary>
    /// <param name="address">An address inside the instruction: of a return address, the byte before.</param>
    public CodeFrame[] Locate(ulong address)
    {
        if (!_known.TryGetValue(address, out CodeFrame[]? frames))
        {
            frames = Find(address);
            _known.Add(address, frames);
        }

        return frames;
    }

    /// <summary>Addresses at or before <paramref name="address"/> at which an instruction certainly begins, the nearest first; 0 for none.</summary>
    public (ulong Line, ulong Function) KnownStarts(ulong address)
    {
        if (!modules.TryFind(address, out LoadedModule module))
        {
            return (0, _perfMap.TryFind(address, out PerfMapFile.Entry entry) ? entry.Start : 0);
        }

        ulong line = 0;
        void* found = Libdw.LineOf(module.Pointer, address);
        if (found != null)
        {
            _ = Libdw.LineInfo(found, &line, null, null, null, null);
        }

        Libdw.Symbol symbol;
        ulong offset;
        byte* name = Libdw.SymbolOf(module.Pointer, address, &offset, &symbol, null, null, null);
        return (line, name == null ? 0 : address - offset);
    }

    /// <summary>Forgets what it could not name, since more may be mapped or compiled by now.</summary>
    public void Refresh()
    {
        modules.Refresh();
        _perfMap.Refresh();
        foreach ((ulong address, CodeFrame[] frames) in _known)
        {
            if (frames[0].Function is null)
            {
                _known.Remove(address);
            }
        }
    }

    private CodeFrame[] Find(ulong address)
    {
        if (!modules.TryFind(address, out LoadedModule module))
        {
            if (_perfMap.TryFind(address, out PerfMapFile.Entry entry))
            {
                return [new CodeFrame(entry.Name, null, 0, null, address - entry.Start, false)];
            }

            return modules.Map.TryFind(address, out Mapping mapping) && mapping.Path.Length > 0
                ? [new CodeFrame(null, null, 0, mapping.Path, address - mapping.Start + mapping.Offset, false)]
                : [CodeFrame.Unknown(address)];
        }

        Libdw.Symbol symbol;
        ulong offset = address - module.Bias;
        byte* symbolName = Libdw.SymbolOf(module.Pointer, address, &offset, &symbol, null, null, null);
        string? function = symbolName == null ? null : Demangler.Demangle(Text(symbolName)!);
        (string? file, int line) = LineOf(module, address);
        List<CodeFrame> frames = [];
        AddInlined(frames, module, address, ref file, ref line, ref function);
        frames.Add(new CodeFrame(function, file, line, module.Path, function is null ? address - module.Bias : offset, false));
        return [.. frames];
    }

    private static (string? File, int Line) LineOf(LoadedModule module, ulong address)
    {
        void* line = Libdw.LineOf(module.Pointer, address);
        int number = 0;
        string? file = line == null ? null : Text(Libdw.LineInfo(line, null, &number, null, null, null));
        return (file, number);
    }

    // Goes outwards from the innermost function: each one's position is where the one inside it was called.
    private static void AddInlined(List<CodeFrame> frames, LoadedModule module, ulong address, ref string? file, ref int line, ref string? function)
    {
        ulong bias;
        Libdw.Die* unit = Libdw.UnitAt(module.Pointer, address, &bias);
        Libdw.Die* around = null;
        int count = unit == null ? 0 : Libdw.ScopesAt(unit, address - bias, &around);
        if (count <= 0)
        {
            return;
        }

        Libdw.Die innermost = default;
        for (int i = 0; i < count && innermost.Address == null; i++)
        {
            if (Libdw.Tag(&around[i]) is TagSubprogram or TagInlined)
            {
                innermost = around[i];
            }
        }

        NativeMemory.Free(around);
        // The first list follows an inlined function to where it was written; this one to where it was put.
        Libdw.Die* scopes = null;
        count = innermost.Address == null ? 0 : Libdw.ScopesOf(&innermost, &scopes);
        if (count <= 0)
        {
            return;
        }

        for (int i = 0; i < count; i++)
        {
            int tag = Libdw.Tag(&scopes[i]);
            if (tag == TagInlined)
            {
                frames.Add(new CodeFrame(NameOf(&scopes[i]), file, line, module.Path, 0, true));
                file = CallFile(unit, &scopes[i]);
                line = (int)Number(&scopes[i], AttributeCallLine);
            }
            else if (tag == TagSubprogram)
            {
                function ??= NameOf(&scopes[i]);
                break;
            }
        }

        NativeMemory.Free(scopes);
    }

    private static string? CallFile(Libdw.Die* unit, Libdw.Die* inlined)
    {
        void* files;
        nuint count;
        return Libdw.SourceFiles(unit, &files, &count) == 0
            ? Text(Libdw.SourceFile(files, (nuint)Number(inlined, AttributeCallFile), null, null))
            : null;
    }

    private static string? NameOf(Libdw.Die* die)
    {
        Libdw.Attribute attribute;
        Libdw.Attribute* linkage = Libdw.FindAttribute(die, AttributeLinkageName, &attribute);
        if (linkage == null)
        {
            linkage = Libdw.FindAttribute(die, AttributeOldLinkageName, &attribute);
        }

        return linkage != null && Text(Libdw.AsString(linkage)) is { } mangled
            ? Demangler.Demangle(mangled)
            : Text(Libdw.Name(die));
    }

    private static ulong Number(Libdw.Die* die, uint name)
    {
        Libdw.Attribute attribute;
        ulong value = 0;
        Libdw.Attribute* found = Libdw.FindAttribute(die, name, &attribute);
        return found != null && Libdw.AsNumber(found, &value) == 0 ? value : 0;
    }

    private static string? Text(byte* text) => Marshal.PtrToStringUTF8((nint)text);
}
