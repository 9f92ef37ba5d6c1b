namespace System;

/// <summary>Only the arguments of attributes are of this type.</summary>
public abstract class Type;
