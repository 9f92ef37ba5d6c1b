using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Haltpoint.Ring0.Tests.MmioTrace;

/// <summary>An access in a log of the kernel; read by hand here, so that nothing of ours judges itself.</summary>
internal sealed record TraceLine(char Kind, int Width, int Map, ulong Physical, ulong Value, ulong ProgramCounter)
{
    public static IReadOnlyList<TraceLine> Accesses(string log) =>
    [
        .. File.ReadLines(log).Select(l => l.Split(' ')).Where(w => w[0] is "R" or "W")
            .Select(w => new TraceLine(w[0][0], int.Parse(w[1], CultureInfo.InvariantCulture), int.Parse(w[3], CultureInfo.InvariantCulture), Hex(w[4]), Hex(w[5]), Hex(w[6]))),
    ];

    /// <summary>Physical start and length of each mapping, by its number.</summary>
    public static Dictionary<int, (ulong Start, ulong Length)> Mappings(string log) => File.ReadLines(log).Select(l => l.Split(' ')).Where(w => w[0] == "MAP")
        .ToDictionary(w => int.Parse(w[2], CultureInfo.InvariantCulture), w => (Hex(w[3]), Hex(w[5])));

    public static ulong Hex(string word) =>
        ulong.Parse(word.AsSpan(word.StartsWith("0x", StringComparison.Ordinal) ? 2 : 0), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
