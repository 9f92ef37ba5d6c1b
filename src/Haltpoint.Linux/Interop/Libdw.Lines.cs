using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libdw
{
    /// <summary>The line of an address.</summary>
    [LibraryImport(Library, EntryPoint = "dwfl_module_getsrc")]
    public static partial void* LineOf(void* module, ulong address);

    /// <summary>The file of a line; its first address and number through the pointers.</summary>
    [LibraryImport(Library, EntryPoint = "dwfl_lineinfo")]
    public static partial byte* LineInfo(void* line, ulong* address, int* number, int* column, ulong* modified, ulong* length);

    [LibraryImport(Library, EntryPoint = "dwarf_getsrcfiles")]
    public static partial int SourceFiles(Die* unit, void** files, nuint* count);

    [LibraryImport(Library, EntryPoint = "dwarf_filesrc")]
    public static partial byte* SourceFile(void* files, nuint index, ulong* modified, ulong* length);
}
