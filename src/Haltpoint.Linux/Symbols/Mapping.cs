namespace Haltpoint.Linux.Symbols;

/// <summary>One line of /proc/PID/maps: the bytes from <paramref name="Start"/> to before <paramref name="End"/>.</summary>
internal readonly record struct Mapping(
    ulong Start, ulong End, ulong Offset, bool IsReadable, bool IsWritable, bool IsExecutable, bool IsShared, string Device, ulong Inode, string Path)
{
    /// <summary>Whether bytes of a file are behind it.</summary>
    public bool IsFile => Inode != 0;

    public bool IsStack => Path.StartsWith("[stack", System.StringComparison.Ordinal);

    public bool Contains(ulong address) => address >= Start && address < End;
}
