namespace Haltpoint.Linux.Symbols;

/// <summary>A program or library in a process.</summary>
/// <param name="Handle">libdw's module.</param>
/// <param name="Path">Its file, as the process sees it.</param>
/// <param name="Bias">What to add to the file's addresses.</param>
/// <param name="IsMain">Whether it is the program itself.</param>
internal sealed unsafe record LoadedModule(nint Handle, string Path, ulong Bias, bool IsMain)
{
    public void* Pointer => (void*)Handle;

    public string Name => System.IO.Path.GetFileName(Path);
}
