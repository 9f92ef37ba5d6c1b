using System.Runtime.CompilerServices;

namespace System.Threading;

/// <summary>Reads that nothing after them is moved before, and writes that nothing before them is moved after.</summary>
public static class Volatile
{
    public static int Read(ref readonly int location) => Unsafe.As<int, Int>(ref Unsafe.AsRef(in location)).Value;

    public static long Read(ref readonly long location) => Unsafe.As<long, Long>(ref Unsafe.AsRef(in location)).Value;

    public static void Write(ref int location, int value) => Unsafe.As<int, Int>(ref location).Value = value;

    public static void Write(ref long location, long value) => Unsafe.As<long, Long>(ref location).Value = value;

    private struct Int
    {
        public volatile int Value;
    }

    // C# has no volatile long; a pointer is as wide here.
    private struct Long
    {
        private volatile nint _value;

        public long Value
        {
            readonly get => _value;
            set => _value = (nint)value;
        }
    }
}
