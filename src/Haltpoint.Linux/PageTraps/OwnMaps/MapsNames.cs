namespace Haltpoint.Linux.PageTraps.OwnMaps;

/// <summary>The names that the kernel gives to memory without a file by where it is.</summary>
internal static class MapsNames
{
    public const string Heap = "[heap]";
    public const string Stack = "[stack]";

    /// <summary>Whether two neighbours can be parts of one mapping by their names: a part alone may be without that of the whole.</summary>
    public static bool AreOfOne(string name, string other) =>
        name == other || (name.Length == 0 && IsOfPlace(other)) || (other.Length == 0 && IsOfPlace(name));

    private static bool IsOfPlace(string name) => name is Heap or Stack;
}
