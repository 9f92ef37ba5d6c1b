namespace System;

/// <summary>Exists for the compilers. It has no members, so that a use of an array in Core does not compile: Core is handed spans.</summary>
public abstract class Array
{
#pragma warning disable CS0169
    private readonly int _numComponents;
#pragma warning restore CS0169
}

internal abstract class Array<T> : Array;
