using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Haltpoint.Core.Tests.Rsp;

namespace Haltpoint.Fuzz;

/// <summary>What the client sends in the transcripts, and a few agent expressions.</summary>
internal sealed class Corpus
{
    private static readonly string[] s_expressions =
    [
        "2205220302220527",
        "25800000000000000022ff1608052227",
        "260003220a1427",
        "2310231a27",
        "220a2820000827292201032100022700",
        "2201220222033329290e27",
        "23112122002200340100062573256e0027",
        "2205220022003402000825642025357800" + "27",
    ];

    private Corpus(List<byte[]> packets, List<byte[]> expressions)
    {
        Packets = packets;
        Expressions = expressions;
    }

    /// <summary>Payloads.</summary>
    public IReadOnlyList<byte[]> Packets { get; }

    public IReadOnlyList<byte[]> Expressions { get; }

    public static Corpus Load()
    {
        List<byte[]> packets =
        [
            .. Directory.GetFiles(Transcript.Folder, "*.rsp").Order(StringComparer.Ordinal)
                .SelectMany(path => Transcript.Load(path).Lines)
                .Where(line => line.Kind == LineKind.Send)
                .Select(line => Encoding.Latin1.GetBytes(line.Text)),
        ];
        return new Corpus(packets, [.. s_expressions.Select(Convert.FromHexString)]);
    }
}
