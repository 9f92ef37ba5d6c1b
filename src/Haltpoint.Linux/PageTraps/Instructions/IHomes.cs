namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>Where the contents of armed ranges are.</summary>
internal interface IHomes
{
    /// <summary>Finds where bytes of the program are to be accessed.</summary>
    /// <param name="address">As the program knows it.</param>
    /// <param name="size">How many bytes, at least one.</param>
    /// <param name="home">The address itself where nothing is armed.</param>
    /// <returns>False when they are not all at the same distance from where the program knows them.</returns>
    bool TryTranslate(ulong address, ulong size, out ulong home);
}
