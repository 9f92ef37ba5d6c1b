using System.IO;
using System.Text.RegularExpressions;

namespace Haltpoint.Cli.Demo;

/// <summary>Who wrote what, as read from the text of a gdb session.</summary>
internal sealed partial class CorruptionReport
{
    private CorruptionReport(Match hit, Match values, Match place, Match symbol)
    {
        Thread = hit.Groups["number"].Value;
        ThreadName = hit.Groups["name"].Value;
        Old = values.Groups["old"].Value;
        New = values.Groups["new"].Value;
        Line = place.Groups["line"].Value;
        File = place.Groups["file"].Value;
        Function = symbol.Groups["function"].Value;
    }

    public string Function { get; }

    public string File { get; }

    public string Line { get; }

    public string Thread { get; }

    public string ThreadName { get; }

    public string Old { get; }

    public string New { get; }

    /// <returns>False when the session shows no hit of a watchpoint with all that belongs to it.</returns>
    public static bool TryRead(string session, out CorruptionReport? report)
    {
        Match hit = Hit().Match(session);
        Match values = Values().Match(session, hit.Index);
        Match place = Place().Match(session, hit.Index);
        Match symbol = Symbol().Match(session, hit.Index);
        report = hit.Success && values.Success && place.Success && symbol.Success ? new CorruptionReport(hit, values, place, symbol) : null;
        return report is not null;
    }

    public void Print(TextWriter output, string watched)
    {
        output.WriteLine();
        output.WriteLine($"{watched} was overwritten:");
        output.WriteLine($"  by function   {Function}");
        output.WriteLine($"  at            {File}:{Line}");
        output.WriteLine($"  in thread     {Thread} \"{ThreadName}\"");
        output.WriteLine($"  old value     {Old}");
        output.WriteLine($"  new value     {New}");
    }

    [GeneratedRegex("""Thread (?<number>\d+) "(?<name>[^"]*)" hit Hardware watchpoint""")]
    private static partial Regex Hit();

    [GeneratedRegex("""Old value = (?<old>.*)\s+New value = (?<new>.*)""")]
    private static partial Regex Values();

    [GeneratedRegex("""Line (?<line>\d+) of "(?<file>[^"]*)" """)]
    private static partial Regex Place();

    [GeneratedRegex("""^(?<function>\w+)( \+ \d+)? in section """, RegexOptions.Multiline)]
    private static partial Regex Symbol();
}
