using System.Runtime.CompilerServices;

namespace ManagedWriter;

/// <summary>A method for each kind of memory, so that a hit can be told by its name.</summary>
internal static unsafe class Writer
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WriteNative(long* cell, long value) => *cell = value;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WritePinned(long[] cells, long value) => cells[0] = value;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WriteLocal(ref long cell, long value) => cell = value;
}
