namespace System.Runtime.CompilerServices;

// What the C# compiler attaches to or looks for; none has behaviour of its own.

public sealed class CompilerGeneratedAttribute : Attribute;

public sealed class ExtensionAttribute : Attribute;

public sealed class FixedBufferAttribute(Type elementType, int length) : Attribute
{
    public Type ElementType => elementType;

    public int Length => length;
}

public sealed class InlineArrayAttribute(int length) : Attribute
{
    public int Length => length;
}

public sealed class InterpolatedStringHandlerAttribute : Attribute;

/// <summary>The code generator may replace the body.</summary>
internal sealed class IntrinsicAttribute : Attribute;

public sealed class IsByRefLikeAttribute : Attribute;

public sealed class IsReadOnlyAttribute : Attribute;

public sealed class IsUnmanagedAttribute : Attribute;

public static class IsVolatile;

public static class IsExternalInit;

public sealed class RefSafetyRulesAttribute(int version) : Attribute
{
    public int Version => version;
}

public sealed class RequiresLocationAttribute : Attribute;

public sealed class ScopedRefAttribute : Attribute;

public sealed class SkipLocalsInitAttribute : Attribute;

public sealed class UnsafeValueTypeAttribute : Attribute;
