using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libdw
{
    /// <summary>Adds a file; on success the session closes <paramref name="fd"/>, or opens the file itself if that is -1.</summary>
    [LibraryImport(Library, EntryPoint = "dwfl_report_elf", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void* ReportElf(void* session, string name, string fileName, int fd, ulong bias, byte biasIsAdded);

    /// <summary>The module at an address.</summary>
    [LibraryImport(Library, EntryPoint = "dwfl_addrmodule")]
    public static partial void* ModuleAt(void* session, ulong address);

    [LibraryImport(Library, EntryPoint = "dwfl_module_info")]
    public static partial byte* ModuleInfo(
        void* module, void*** userData, ulong* start, ulong* end, ulong* dwarfBias, ulong* symbolBias, byte** mainFile, byte** debugFile);

    /// <summary>How many bytes of build id there are; 0 for none, -1 for an error.</summary>
    [LibraryImport(Library, EntryPoint = "dwfl_module_build_id")]
    public static partial int BuildId(void* module, byte** bits, ulong* address);
}
