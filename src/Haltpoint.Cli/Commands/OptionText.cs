using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;

namespace Haltpoint.Cli.Commands;

/// <summary>What several verbs read from their command lines in the same way.</summary>
internal static class OptionText
{
    /// <summary>How many words follow <c>--</c>: a program and its arguments.</summary>
    public static int WordsBehindDashes(ParseResult result)
    {
        int dashes = result.Tokens.ToList().FindIndex(t => t.Type == TokenType.DoubleDash);
        return dashes < 0 ? 0 : result.Tokens.Count - dashes - 1;
    }

    /// <exception cref="OptionException">It is no time.</exception>
    public static TimeSpan ParseTime(string text, string option)
    {
        (string Unit, double Seconds)[] units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)];
        (string unit, double seconds) = units.First(u => text.EndsWith(u.Unit, StringComparison.Ordinal));
        bool isNumber = double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
        double length = number * seconds;
        return isNumber && length is > 0 and < 4_000_000
            ? TimeSpan.FromSeconds(length)
            : throw new OptionException($"{option} {text} is no time such as 10s, 500ms or 2m");
    }

    /// <exception cref="OptionException">It is less than one.</exception>
    public static long? AtLeastOne(long? number, string option) =>
        number is null or > 0 ? number : throw new OptionException($"{option} {number} is impossible: give a number from 1 up");
}
