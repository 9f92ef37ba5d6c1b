using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Haltpoint.Bench;

// usage: Haltpoint.Bench [--rounds N] [--json FILE] [--list] [ROW...]      a ROW is a part of a row's name
if (args is [EngineProcess.Verb, ..])
{
    EngineRows.Serve(args.AsSpan(1));
    return 0;
}

List<string> wanted = [];
string? json = null;
int rounds = 7;
Row[] rows = [.. RoundTripRows.All, .. ThreadRows.All, .. StartRows.All];
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--list":
            Array.ForEach(rows, r => Console.WriteLine(r.Name));
            return 0;
        case "--json" when i + 1 < args.Length:
            json = args[++i];
            break;
        case "--rounds" when i + 1 < args.Length && int.TryParse(args[i + 1], out rounds) && rounds > 0:
            i++;
            break;
        case string option when option.StartsWith('-'):
            Console.Error.WriteLine($"Haltpoint.Bench: '{option}' is not understood; say [--rounds N] [--json FILE] [--list] [ROW...]");
            return 2;
        default:
            wanted.Add(args[i]);
            break;
    }
}

Row[] chosen = [.. rows.Where(r => wanted.Count == 0 || wanted.Exists(w => r.Name.Contains(w, StringComparison.OrdinalIgnoreCase)))];
if (chosen.Length == 0)
{
    Console.Error.WriteLine("Haltpoint.Bench: no row has such a name; --list names them");
    return 2;
}

Bench bench = new(rounds);
List<Result> results = [];
Console.WriteLine($"{"",-32}{"C",11}{"gdbserver",11}{"Haltpoint",11}{"inside",11}   {"H/gdbserver",-21}{"inside/C",-20}");
foreach (Row row in chosen)
{
    Result result = bench.Measure(row);
    results.Add(result);
    Console.WriteLine(result.Problem is not null
        ? $"{row.Name,-32}{result.Problem}"
        : $"{row.Name,-32}{Figure(result.C)}{Figure(result.Gdbserver)}{Figure(result.Haltpoint)}{Figure(result.Inside)} {row.Unit,-3}"
            + $"{Verdict(result.Ratio, row.Goal),-21}{Verdict(result.InsideRatio, row.InsideGoal),-20}");
}

if (json is not null)
{
    File.WriteAllText(json, JsonSerializer.Serialize(results, JsonOptions.Indented));
}

Console.WriteLine($"{results.Count(r => r.IsMet)} of {results.Count} rows meet their goals");
return 0;

static string Figure(double? value) => value is { } v ? v.ToString(v < 100 ? "F1" : "F0", CultureInfo.InvariantCulture).PadLeft(11) : new string(' ', 11);

static string Verdict(double? ratio, double goal) =>
    ratio is { } r ? string.Create(CultureInfo.InvariantCulture, $"{r,6:F2} {(r <= goal ? "<=" : "> ")} {goal:F2} {(r <= goal ? "met" : "MISSED")}") : "";
