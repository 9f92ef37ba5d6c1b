namespace System;

// The compilers know these types' values and operators; the members here are what .NET's own types offer and Core uses.
// Equals(T) is what the generic search and comparison of spans calls, as a direct call.

#pragma warning disable CS0660, CS0661
public struct Void;

public struct Boolean : IEquatable<bool>
{
    public bool Equals(bool other) => this == other;
}

public struct Char : IEquatable<char>
{
    public const char MinValue = '\0';
    public const char MaxValue = '\uFFFF';

    public bool Equals(char other) => this == other;
}

public struct SByte : IEquatable<sbyte>
{
    public const sbyte MinValue = -0x80;
    public const sbyte MaxValue = 0x7F;

    public bool Equals(sbyte other) => this == other;
}

public struct Byte : IEquatable<byte>
{
    public const byte MinValue = 0;
    public const byte MaxValue = 0xFF;

    public bool Equals(byte other) => this == other;
}

public struct Int16 : IEquatable<short>
{
    public const short MinValue = -0x8000;
    public const short MaxValue = 0x7FFF;

    public bool Equals(short other) => this == other;
}

public struct UInt16 : IEquatable<ushort>
{
    public const ushort MinValue = 0;
    public const ushort MaxValue = 0xFFFF;

    public bool Equals(ushort other) => this == other;
}

public struct Int32 : IEquatable<int>
{
    public const int MinValue = unchecked((int)0x8000_0000);
    public const int MaxValue = 0x7FFF_FFFF;

    public bool Equals(int other) => this == other;
}

public struct UInt32 : IEquatable<uint>
{
    public const uint MinValue = 0;
    public const uint MaxValue = 0xFFFF_FFFF;

    public bool Equals(uint other) => this == other;
}

public struct Int64 : IEquatable<long>
{
    public const long MinValue = unchecked((long)0x8000_0000_0000_0000);
    public const long MaxValue = 0x7FFF_FFFF_FFFF_FFFF;

    public bool Equals(long other) => this == other;
}

public struct UInt64 : IEquatable<ulong>
{
    public const ulong MinValue = 0;
    public const ulong MaxValue = 0xFFFF_FFFF_FFFF_FFFF;

    public bool Equals(ulong other) => this == other;
}

public struct IntPtr : IEquatable<nint>
{
    public static nint Zero => 0;

    public bool Equals(nint other) => this == other;
}

public struct UIntPtr : IEquatable<nuint>
{
    public static nuint Zero => 0;

    public bool Equals(nuint other) => this == other;
}

public struct Single;

public struct Double;
