namespace Haltpoint.Linux.Symbols;

/// <summary>A place in code as a person names it.</summary>
/// <param name="Function">The function, demangled; null when no symbol covers the address.</param>
/// <param name="File">The source file as the compiler was told it; null without debug information.</param>
/// <param name="Line">The line, or 0.</param>
/// <param name="Module">The program or library, or null for code that belongs to no file.</param>
/// <param name="Offset">Bytes from the start of the function, or of the module where the function is unknown.</param>
/// <param name="IsInlined">Whether the function has no frame of its own but is part of the next one.</param>
public sealed record CodeFrame(string? Function, string? File, int Line, string? Module, ulong Offset, bool IsInlined)
{
    /// <summary>A place of which nothing but the address is known.</summary>
    public static CodeFrame Unknown(ulong address) => new(null, null, 0, null, address, false);

    /// <summary>The function, or module and offset, or the address.</summary>
    public string Name => Function ?? (Module is null ? $"0x{Offset:x}" : $"{System.IO.Path.GetFileName(Module)}+0x{Offset:x}");

    /// <summary>File name and line without the directories; null without debug information.</summary>
    public string? Position => File is null ? null : $"{System.IO.Path.GetFileName(File)}:{Line}";
}
