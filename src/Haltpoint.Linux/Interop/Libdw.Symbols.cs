using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libdw
{
    /// <summary>GElf_Sym.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Symbol
    {
        public uint Name;
        public byte Info;
        public byte Other;
        public ushort Section;
        public ulong Value;
        public ulong Size;

        public readonly int Type => Info & 0xF;

        public readonly int Binding => Info >> 4;
    }

    /// <summary>How many symbols, or -1.</summary>
    [LibraryImport(Library, EntryPoint = "dwfl_module_getsymtab")]
    public static partial int SymbolCount(void* module);

    [LibraryImport(Library, EntryPoint = "dwfl_module_getsym_info")]
    public static partial byte* SymbolAt(void* module, int index, Symbol* symbol, ulong* address, uint* section, void** elf, ulong* bias);

    /// <summary>The symbol an address lies in.</summary>
    [LibraryImport(Library, EntryPoint = "dwfl_module_addrinfo")]
    public static partial byte* SymbolOf(void* module, ulong address, ulong* offset, Symbol* symbol, uint* section, void** elf, ulong* bias);
}
