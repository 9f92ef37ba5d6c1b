namespace System.Runtime;

// Binds methods to linker symbols; ILC knows them by name.

internal sealed class RuntimeExportAttribute(string entry) : Attribute
{
    public string EntryPoint => entry;
}

internal sealed class RuntimeImportAttribute(string library, string entry) : Attribute
{
    public string DllName => library;

    public string EntryPoint => entry;
}
