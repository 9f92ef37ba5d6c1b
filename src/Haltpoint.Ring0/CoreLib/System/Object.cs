namespace System;

/// <summary>The root of all types. Only boxed values and literals are ever objects here, and boxing is refused by the gate.</summary>
public class Object
{
#pragma warning disable CS0169 // the compiler's layout of every object starts with its type
    private readonly nint _methodTable;
#pragma warning restore CS0169

    public virtual bool Equals(object? obj) => false;

    public virtual int GetHashCode() => 0;

    public virtual string? ToString() => null;
}

public abstract class ValueType;

public abstract class Enum : ValueType;

public abstract class Attribute;

public abstract class Delegate;

public abstract class MulticastDelegate : Delegate;
