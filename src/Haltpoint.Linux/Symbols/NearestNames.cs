using System;
using System.Collections.Generic;

namespace Haltpoint.Linux.Symbols;

/// <summary>The names that somebody who mistyped one may have meant.</summary>
internal sealed class NearestNames(string wanted)
{
    private const int Shown = 3;
    private const int LongestCompared = 128;

    private readonly List<(int Distance, string Name)> _nearest = [];
    private readonly int[] _row = new int[LongestCompared + 1];

    public void Offer(string name)
    {
        int limit = _nearest.Count == Shown ? _nearest[^1].Distance - 1 : int.Max(2, wanted.Length / 3);
        if (name.Length is 0 or > LongestCompared || wanted.Length > LongestCompared)
        {
            return;
        }

        // Somebody who types the end or the middle of a long name means it more likely than one that differs by letters.
        bool contains = wanted.Length >= 3 && name.Contains(wanted, StringComparison.OrdinalIgnoreCase);
        int distance = contains ? 1 : Distance(name, limit);
        if (distance > limit || _nearest.Exists(n => n.Name == name))
        {
            return;
        }

        _nearest.Add((distance, name));
        _nearest.Sort((a, b) => a.Distance != b.Distance ? a.Distance.CompareTo(b.Distance) : a.Name.Length.CompareTo(b.Name.Length));
        if (_nearest.Count > Shown)
        {
            _nearest.RemoveAt(Shown);
        }
    }

    public override string ToString() => string.Join(", ", _nearest.ConvertAll(n => n.Name));

    // Insertions, deletions, exchanges of a letter; case costs nothing.
    private int Distance(string name, int limit)
    {
        if (int.Abs(name.Length - wanted.Length) > limit)
        {
            return int.MaxValue;
        }

        for (int i = 0; i <= wanted.Length; i++)
        {
            _row[i] = i;
        }

        for (int i = 1; i <= name.Length; i++)
        {
            int diagonal = _row[0];
            int best = _row[0] = i;
            for (int j = 1; j <= wanted.Length; j++)
            {
                int above = _row[j];
                bool same = char.ToLowerInvariant(name[i - 1]) == char.ToLowerInvariant(wanted[j - 1]);
                _row[j] = int.Min(int.Min(above, _row[j - 1]) + 1, diagonal + (same ? 0 : 1));
                diagonal = above;
                best = int.Min(best, _row[j]);
            }

            if (best > limit)
            {
                return int.MaxValue;
            }
        }

        return _row[wanted.Length];
    }
}
