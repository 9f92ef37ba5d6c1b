namespace System.Runtime.InteropServices;

public enum LayoutKind
{
    Sequential = 0,
    Explicit = 2,
    Auto = 3,
}

public enum CharSet
{
    None = 1,
    Ansi = 2,
    Unicode = 3,
    Auto = 4,
}

public sealed class StructLayoutAttribute(LayoutKind layoutKind) : Attribute
{
    public LayoutKind Value => layoutKind;

    public int Pack;
    public int Size;
    public CharSet CharSet;
}

public sealed class FieldOffsetAttribute(int offset) : Attribute
{
    public int Value => offset;
}

public sealed class InAttribute : Attribute;

public enum UnmanagedType;

public sealed class UnmanagedCallersOnlyAttribute : Attribute
{
    public Type[]? CallConvs;
    public string? EntryPoint;
}
