using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Haltpoint.Cli.Output;

/// <summary>Rows of text with aligned columns.</summary>
internal static class PlainTable
{
    /// <param name="output">Where to.</param>
    /// <param name="rows">The first one has the names of the columns.</param>
    /// <param name="rightAligned">How many columns, from the first on, hold numbers.</param>
    public static void Write(TextWriter output, List<string[]> rows, int rightAligned)
    {
        int columns = rows[0].Length;
        int[] widths = [.. Enumerable.Range(0, columns).Select(c => rows.Max(r => r[c].Length))];
        foreach (string[] row in rows)
        {
            IEnumerable<string> cells = row.Select((cell, c) =>
                c < rightAligned ? cell.PadLeft(widths[c]) : c == columns - 1 ? cell : cell.PadRight(widths[c]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
