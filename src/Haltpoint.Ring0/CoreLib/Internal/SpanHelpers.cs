using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Moving and filling bytes. ILC sends block copies and clears here by these names; the routines are assembly of whoever links the object.</summary>
internal static unsafe class SpanHelpers
{
    internal static void Memmove(ref byte dest, ref byte src, nuint len) =>
        Move((byte*)Unsafe.AsPointer(ref dest), (byte*)Unsafe.AsPointer(ref src), len);

    internal static void Fill(ref byte dest, byte value, nuint len) =>
        Set((byte*)Unsafe.AsPointer(ref dest), value, len);

    internal static void ClearWithoutReferences(ref byte dest, nuint len) => Fill(ref dest, 0, len);

    [RuntimeImport("*", "memmove")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void* Move(byte* destination, byte* source, nuint length);

    [RuntimeImport("*", "memset")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void* Set(byte* destination, int value, nuint length);
}
