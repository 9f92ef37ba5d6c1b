using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

/// <summary>The C++ run-time library, on which .NET itself depends.</summary>
internal static unsafe partial class Libstdcpp
{
    /// <summary>Demangles a C++ name of the Itanium ABI into memory to be freed; null when it is none.</summary>
    [LibraryImport("libstdc++.so.6", EntryPoint = "__cxa_demangle")]
    public static partial byte* Demangle(byte* name, byte* buffer, nuint* length, int* status);
}
