using System.Runtime.InteropServices;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.Boot;

/// <summary>What a PVH loader hands over: hvm_start_info of the x86/HVM direct boot ABI, version 1.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PvhStartInfo
{
    /// <summary>Boot/Layout.inc has it too.</summary>
    public const uint ExpectedMagic = 0x336E_C578;

    private const uint UsableMemory = 1;

    public uint Magic;
    public uint Version;
    public uint Flags;
    public uint ModuleCount;
    public ulong Modules;
    public ulong CommandLine;
    public ulong RootPointer;
    public ulong MemoryMap;
    public uint MemoryMapEntries;
    public uint Reserved;

    /// <returns>Physical address of the ACPI tables' root pointer.</returns>
    public readonly ulong Read()
    {
        Entry* entry = (Entry*)DirectMap.At(MemoryMap);
        for (uint i = 0; i < MemoryMapEntries; i++, entry++)
        {
            if (entry->Kind == UsableMemory)
            {
                Memory.MemoryMap.Add(entry->Start, entry->Length);
            }
        }

        BootOptions.Read(CommandLine == 0 ? null : DirectMap.At(CommandLine));
        return RootPointer;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public ulong Start;
        public ulong Length;
        public uint Kind;
        public uint Reserved;
    }
}
