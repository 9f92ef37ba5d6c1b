namespace System.Runtime;

// Binds methods to linker symbols; ILC knows them by name. Public for the kernel. .NET's are internal, so Core cannot use them.

public sealed class RuntimeExportAttribute(string entry) : Attribute
{
    public string EntryPoint => entry;
}

public sealed class RuntimeImportAttribute(string library, string entry) : Attribute
{
    public string DllName => library;

    public string EntryPoint => entry;
}
