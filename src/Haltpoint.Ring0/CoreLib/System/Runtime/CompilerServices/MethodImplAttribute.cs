namespace System.Runtime.CompilerServices;

[Flags]
public enum MethodImplOptions
{
    NoInlining = 0x8,
    NoOptimization = 0x40,
    AggressiveInlining = 0x100,
    AggressiveOptimization = 0x200,
    InternalCall = 0x1000,
}

public sealed class MethodImplAttribute(MethodImplOptions methodImplOptions) : Attribute
{
    public MethodImplOptions Value => methodImplOptions;
}
