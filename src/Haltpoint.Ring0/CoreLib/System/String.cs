namespace System;

/// <summary>A literal. Its bytes lie in the object file; strings are never made at run time.</summary>
public sealed class String
{
#pragma warning disable CS0169, CS0649 // filled by the compiler; ILC looks the fields up by these names
    private readonly int _stringLength;
    private readonly char _firstChar;
#pragma warning restore CS0169, CS0649

    public int Length => _stringLength;

    public ref readonly char GetPinnableReference() => ref _firstChar;
}
