using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Haltpoint.Core.Tests;

/// <summary>Lines of the files in tests/Vectors: words between spaces, '#' starts a remark.</summary>
internal static class Vectors
{
    public static IEnumerable<string[]> Read(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Vectors", file))
            .Select(line => line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 0);

    public static ulong Number(string word) =>
        word.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.Parse(word.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : ulong.Parse(word, CultureInfo.InvariantCulture);
}
