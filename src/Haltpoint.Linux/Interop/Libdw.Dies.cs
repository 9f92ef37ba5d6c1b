using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libdw
{
    /// <summary>Dwarf_Die: a debugging information entry.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Die
    {
        public void* Address;
        public void* Unit;
        public void* Abbreviation;
        public nint Padding;
    }

    /// <summary>Dwarf_Attribute.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Attribute
    {
        public uint Code;
        public uint Form;
        public byte* Value;
        public void* Unit;
    }

    /// <summary>Dwarf_Op: one operation of a location.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Operation
    {
        public byte Atom;
        public ulong Number;
        public ulong Number2;
        public ulong Offset;
    }

    /// <summary>The unit of an address, and what to add to addresses in it.</summary>
    [LibraryImport(Library, EntryPoint = "dwfl_module_addrdie")]
    public static partial Die* UnitAt(void* module, ulong address, ulong* bias);

    /// <summary>The unit after the given one, or the first after null.</summary>
    [LibraryImport(Library, EntryPoint = "dwfl_module_nextcu")]
    public static partial Die* NextUnit(void* module, Die* unit, ulong* bias);

    /// <summary>The scopes around an address, innermost first, in memory to be freed.</summary>
    [LibraryImport(Library, EntryPoint = "dwarf_getscopes")]
    public static partial int ScopesAt(Die* unit, ulong address, Die** scopes);

    /// <summary>An entry and those around it, in memory to be freed.</summary>
    [LibraryImport(Library, EntryPoint = "dwarf_getscopes_die")]
    public static partial int ScopesOf(Die* die, Die** scopes);

    [LibraryImport(Library, EntryPoint = "dwarf_tag")]
    public static partial int Tag(Die* die);

    [LibraryImport(Library, EntryPoint = "dwarf_diename")]
    public static partial byte* Name(Die* die);

    /// <summary>An attribute of the entry or of what it is an instance or completion of.</summary>
    [LibraryImport(Library, EntryPoint = "dwarf_attr_integrate")]
    public static partial Attribute* FindAttribute(Die* die, uint name, Attribute* result);

    [LibraryImport(Library, EntryPoint = "dwarf_formstring")]
    public static partial byte* AsString(Attribute* attribute);

    [LibraryImport(Library, EntryPoint = "dwarf_formudata")]
    public static partial int AsNumber(Attribute* attribute, ulong* value);

    [LibraryImport(Library, EntryPoint = "dwarf_formref_die")]
    public static partial Die* AsDie(Attribute* attribute, Die* result);

    [LibraryImport(Library, EntryPoint = "dwarf_getlocation")]
    public static partial int AsLocation(Attribute* attribute, Operation** operations, nuint* count);

    /// <summary>0 when there is one.</summary>
    [LibraryImport(Library, EntryPoint = "dwarf_child")]
    public static partial int Child(Die* die, Die* result);

    /// <summary>0 when there is one.</summary>
    [LibraryImport(Library, EntryPoint = "dwarf_siblingof")]
    public static partial int Sibling(Die* die, Die* result);

    /// <summary>The size of a type; 0 when it is known.</summary>
    [LibraryImport(Library, EntryPoint = "dwarf_aggregate_size")]
    public static partial int TypeSize(Die* type, ulong* size);
}
