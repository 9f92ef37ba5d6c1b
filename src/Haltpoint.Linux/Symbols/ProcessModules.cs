using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace Haltpoint.Linux.Symbols;

/// <summary>The programs and libraries of a process, opened, so that they can be asked after the process is gone, too.</summary>
/// <remarks>One caller at a time.</remarks>
internal sealed unsafe class ProcessModules : IDisposable
{
    // Shared by every session and never freed: libdw keeps the pointer.
    private static readonly Libdw.Callbacks* s_callbacks = CreateCallbacks();

    private readonly List<LoadedModule> _modules = [];
    private readonly HashSet<(ulong Start, string Path)> _seen = [];

    public ProcessModules(int process)
    {
        Process = process;
        Session = Libdw.IsPresent ? Libdw.Begin(s_callbacks) : null;
        Program = ReadLink(process, "exe");
        Refresh();
    }

    public int Process { get; }

    /// <summary>libdw's session, or null without libdw.</summary>
    public void* Session { get; private set; }

    /// <summary>Whether there is a session with anything in it.</summary>
    public bool HasSymbols => Session != null && _modules.Count > 0;

    /// <summary>The program's file; empty when that may not be known.</summary>
    public string Program { get; }

    public MemoryMap Map { get; private set; } = null!;

    /// <summary>The program first, then its libraries by address.</summary>
    public IReadOnlyList<LoadedModule> Modules => _modules;

    /// <summary>Reads the mappings again and opens what is new in them.</summary>
    public void Refresh()
    {
        MemoryMap map = MemoryMap.Read(Process);
        if (map.Mappings.Count == 0 && Map is not null)
        {
            return; // It ended: what was known stays true of the records that are still to be explained.
        }

        Map = map;
        if (Session == null)
        {
            return;
        }

        Libdw.BeginAdding(Session);
        for (int i = 0; i < Map.Mappings.Count; i++)
        {
            if (IsFirstOfModule(i))
            {
                Open(Map.Mappings[i]);
            }
        }

        EndAdding();
    }

    /// <summary>Opens what a record says was mapped: by the time it is read the process may have ended.</summary>
    public void Add(Mapping mapping)
    {
        if (Session == null || !mapping.IsFile || Map.TryFind(mapping.Start, out Mapping known) && known.Path == mapping.Path)
        {
            return;
        }

        Map.Add(mapping);
        if (!_modules.Exists(m => m.Path == mapping.Path) && _seen.Add((mapping.Start, mapping.Path)))
        {
            Libdw.BeginAdding(Session);
            Open(mapping);
            EndAdding();
        }
    }

    public bool TryFind(ulong address, out LoadedModule module)
    {
        nint handle = Session == null ? 0 : (nint)Libdw.ModuleAt(Session, address);
        foreach (LoadedModule candidate in _modules)
        {
            if (candidate.Handle == handle)
            {
                module = candidate;
                return handle != 0;
            }
        }

        module = null!;
        return false;
    }

    public void Dispose()
    {
        if (Session != null)
        {
            Libdw.End(Session);
            Session = null;
            _modules.Clear();
        }
    }

    private bool IsFirstOfModule(int index)
    {
        Mapping mapping = Map.Mappings[index];
        if (!mapping.IsFile || mapping.Path.Length == 0 || _modules.Exists(m => m.Path == mapping.Path) || !_seen.Add((mapping.Start, mapping.Path)))
        {
            return false;
        }

        if (index == 0)
        {
            return true;
        }

        // Another part of the file behind this one is the same module; a return to its beginning is the file loaded once more.
        Mapping before = Map.Mappings[index - 1];
        return before.Inode != mapping.Inode || before.Device != mapping.Device || mapping.Offset < before.Offset;
    }

    private void EndAdding()
    {
        _ = Libdw.EndAdding(Session, null, null);
        _modules.Sort((a, b) => a.IsMain != b.IsMain ? (a.IsMain ? -1 : 1) : a.Bias.CompareTo(b.Bias));
    }

    private void Open(Mapping mapping)
    {
        if (!TryOpen(mapping, out SafeFileHandle? file, out string path))
        {
            return;
        }

        using (file)
        {
            if (!ElfLoadSegments.TryRead(file, out ElfLoadSegments segments) || !segments.TryGetBias(mapping.Start, mapping.Offset, out ulong bias))
            {
                return;
            }

            void* module = Libdw.ReportElf(Session, mapping.Path, path, -1, bias, 1);
            if (module != null)
            {
                _modules.Add(new LoadedModule((nint)module, mapping.Path, bias, mapping.Path == Program));
            }
        }
    }

    // By its own path when that leads to the same file, so that separate debug files are looked for beside it; else through the
    // process's root, and when it was deleted or replaced meanwhile, through the mapping itself. Some layered file systems report
    // an inode in maps that no path has; then the path is all there is.
    private bool TryOpen(Mapping mapping, out SafeFileHandle file, out string path)
    {
        string root = string.Create(CultureInfo.InvariantCulture, $"/proc/{Process}/root{mapping.Path}");
        string link = string.Create(CultureInfo.InvariantCulture, $"/proc/{Process}/map_files/{mapping.Start:x}-{mapping.End:x}");
        return TryOpen(path = mapping.Path, mapping.Inode, out file)
            || TryOpen(path = root, mapping.Inode, out file)
            || TryOpen(path = link, 0, out file)
            || TryOpen(path = root, 0, out file);
    }

    private static bool TryOpen(string path, ulong inode, out SafeFileHandle file)
    {
        file = null!;
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            file = File.OpenHandle(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        if (inode == 0 || InodeOf(file) == inode)
        {
            return true;
        }

        file.Dispose();
        return false;
    }

    private static ulong InodeOf(SafeFileHandle file)
    {
        Libc.FileStatus status;
        return Libc.FStat((int)file.DangerousGetHandle(), &status) == 0 ? status.Inode : 0;
    }

    private static string ReadLink(int process, string name)
    {
        try
        {
            FileInfo link = new(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/{name}"));
            return link.LinkTarget?.Replace(" (deleted)", "", StringComparison.Ordinal) ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static Libdw.Callbacks* CreateCallbacks()
    {
        if (!Libdw.IsPresent)
        {
            return null;
        }

        Libdw.Callbacks* callbacks = (Libdw.Callbacks*)NativeMemory.AllocZeroed((nuint)sizeof(Libdw.Callbacks));
        callbacks->FindElf = Libdw.Export("dwfl_build_id_find_elf");
        callbacks->FindDebugInfo = Libdw.Export("dwfl_standard_find_debuginfo");
        callbacks->SectionAddress = Libdw.Export("dwfl_offline_section_address");
        return callbacks;
    }
}
