using System.Collections.Generic;

namespace Haltpoint.Linux.Guarding;

/// <summary>Which entries of an array can be taken: those that were given back, and then the next one behind all that ever were.</summary>
internal sealed class FreeEntries(int capacity)
{
    private readonly Stack<int> _returned = [];

    /// <param name="end">Grows with the first use of an entry.</param>
    /// <returns>An index, or -1.</returns>
    public int Take(ref int end) => _returned.TryPop(out int index) ? index : end < capacity ? end++ : -1;

    public void Return(int index) => _returned.Push(index);
}
