using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

internal static unsafe partial class Libc
{
    /// <summary><c>struct addrinfo</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct AddressInfo
    {
        public int Flags;
        public int Family;
        public int Kind;
        public int Protocol;
        public uint AddressLength;
        public byte* Address;
        public byte* CanonicalName;
        public AddressInfo* Next;
    }

    /// <summary>Its result is an error of its own kind, see <see cref="AddressInfoError"/>.</summary>
    [LibraryImport(Library, EntryPoint = "getaddrinfo")]
    public static partial int GetAddressInfo(byte* host, byte* service, AddressInfo* hints, AddressInfo** result);

    [LibraryImport(Library, EntryPoint = "freeaddrinfo")]
    public static partial void FreeAddressInfo(AddressInfo* list);

    [LibraryImport(Library, EntryPoint = "gai_strerror")]
    public static partial byte* AddressInfoError(int error);
}
