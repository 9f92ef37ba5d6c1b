namespace System;

/// <summary>Every integer overload that .NET has: a missing one would let the compiler bind another in silence.</summary>
public static class Math
{
    public static sbyte Min(sbyte val1, sbyte val2) => val1 <= val2 ? val1 : val2;

    public static byte Min(byte val1, byte val2) => val1 <= val2 ? val1 : val2;

    public static short Min(short val1, short val2) => val1 <= val2 ? val1 : val2;

    public static ushort Min(ushort val1, ushort val2) => val1 <= val2 ? val1 : val2;

    public static int Min(int val1, int val2) => val1 <= val2 ? val1 : val2;

    public static uint Min(uint val1, uint val2) => val1 <= val2 ? val1 : val2;

    public static long Min(long val1, long val2) => val1 <= val2 ? val1 : val2;

    public static ulong Min(ulong val1, ulong val2) => val1 <= val2 ? val1 : val2;

    public static nint Min(nint val1, nint val2) => val1 <= val2 ? val1 : val2;

    public static nuint Min(nuint val1, nuint val2) => val1 <= val2 ? val1 : val2;

    public static sbyte Max(sbyte val1, sbyte val2) => val1 >= val2 ? val1 : val2;

    public static byte Max(byte val1, byte val2) => val1 >= val2 ? val1 : val2;

    public static short Max(short val1, short val2) => val1 >= val2 ? val1 : val2;

    public static ushort Max(ushort val1, ushort val2) => val1 >= val2 ? val1 : val2;

    public static int Max(int val1, int val2) => val1 >= val2 ? val1 : val2;

    public static uint Max(uint val1, uint val2) => val1 >= val2 ? val1 : val2;

    public static long Max(long val1, long val2) => val1 >= val2 ? val1 : val2;

    public static ulong Max(ulong val1, ulong val2) => val1 >= val2 ? val1 : val2;

    public static nint Max(nint val1, nint val2) => val1 >= val2 ? val1 : val2;

    public static nuint Max(nuint val1, nuint val2) => val1 >= val2 ? val1 : val2;

    public static sbyte Clamp(sbyte value, sbyte min, sbyte max) => Min(Max(value, min), max);

    public static byte Clamp(byte value, byte min, byte max) => Min(Max(value, min), max);

    public static short Clamp(short value, short min, short max) => Min(Max(value, min), max);

    public static ushort Clamp(ushort value, ushort min, ushort max) => Min(Max(value, min), max);

    public static int Clamp(int value, int min, int max) => Min(Max(value, min), max);

    public static uint Clamp(uint value, uint min, uint max) => Min(Max(value, min), max);

    public static long Clamp(long value, long min, long max) => Min(Max(value, min), max);

    public static ulong Clamp(ulong value, ulong min, ulong max) => Min(Max(value, min), max);

    public static nint Clamp(nint value, nint min, nint max) => Min(Max(value, min), max);

    public static nuint Clamp(nuint value, nuint min, nuint max) => Min(Max(value, min), max);
}
