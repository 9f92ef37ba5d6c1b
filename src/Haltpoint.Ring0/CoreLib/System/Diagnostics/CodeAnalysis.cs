namespace System.Diagnostics.CodeAnalysis;

// Words for the C# compiler's and the analysers' flow analysis.

public sealed class DoesNotReturnAttribute : Attribute;

public sealed class NotNullWhenAttribute(bool returnValue) : Attribute
{
    public bool ReturnValue => returnValue;
}

public sealed class UnscopedRefAttribute : Attribute;

public sealed class SuppressMessageAttribute(string category, string checkId) : Attribute
{
    public string Category => category;

    public string CheckId => checkId;

    public string? Justification { get; set; }
}
