namespace Haltpoint.Linux.Symbols;

/// <summary>A program or library in a process.</summary>
/// <param name="handle">libdw's module.</param>
/// <param name="path">Its file, as the process sees it.</param>
/// <param name="bias">What to add to the file's addresses.</param>
/// <param name="isMain">Whether it is the program itself.</param>
internal sealed unsafe class LoadedModule(nint handle, string path, ulong bias, bool isMain)
{
    public nint Handle => handle;

    public void* Pointer => (void*)handle;

    public string Path => path;

    public ulong Bias => bias;

    public bool IsMain => isMain;

    public string Name => System.IO.Path.GetFileName(path);
}
