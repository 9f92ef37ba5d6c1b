using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Moving and filling bytes. The routines are assembly of whoever links the object.</summary>
internal static unsafe class Buffer
{
    internal static void Memmove(ref byte destination, ref byte source, nuint length) =>
        Move((byte*)Unsafe.AsPointer(ref destination), (byte*)Unsafe.AsPointer(ref source), length);

    internal static void Fill(ref byte destination, byte value, nuint length) =>
        Set((byte*)Unsafe.AsPointer(ref destination), value, length);

    [RuntimeImport("*", "memmove")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void* Move(byte* destination, byte* source, nuint length);

    [RuntimeImport("*", "memset")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void* Set(byte* destination, int value, nuint length);
}
