namespace System;

#pragma warning disable CS0169
public struct RuntimeTypeHandle
{
    private readonly nint _value;
}

public struct RuntimeMethodHandle
{
    private readonly nint _value;
}

public struct RuntimeFieldHandle
{
    private readonly nint _value;
}
#pragma warning restore CS0169
