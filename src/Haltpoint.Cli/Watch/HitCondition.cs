using System;
using System.Collections.Generic;
using System.Globalization;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary>Which hits are wanted, as <c>--when</c> says it: <c>value == 42 &amp;&amp; old != 0</c>.</summary>
/// <remarks>
/// <code>
///  any        = all { "||" all }
///  all        = one { "&amp;&amp;" one }
///  one        = "!" one | "(" any ")" | operand comparison operand
///  operand    = value | old | thread | function | number | "text" | 'text'
///  comparison = == != &lt; &lt;= &gt; &gt;=
/// </code>
/// A thread is its name, or beside a number its id. Nothing is true of a value that is not known.
/// </remarks>
internal sealed class HitCondition
{
    private static readonly string[] s_comparisons = ["==", "!=", "<=", ">=", "<", ">"];

    private readonly string _text;
    private int _position;

    private HitCondition(string text) => _text = text;

    /// <summary>Makes the test; throws <see cref="WatchException"/> with the place of an error.</summary>
    public static Predicate<WatchHit> Parse(string text)
    {
        HitCondition parser = new(text);
        Predicate<WatchHit> test = parser.Any();
        parser.SkipSpace();
        return parser._position == text.Length ? test : throw parser.Expected("'&&', '||' or the end");
    }

    private Predicate<WatchHit> Any()
    {
        Predicate<WatchHit> left = All();
        while (Take("||"))
        {
            (Predicate<WatchHit> first, Predicate<WatchHit> second) = (left, All());
            left = h => first(h) || second(h);
        }

        return left;
    }

    private Predicate<WatchHit> All()
    {
        Predicate<WatchHit> left = One();
        while (Take("&&"))
        {
            (Predicate<WatchHit> first, Predicate<WatchHit> second) = (left, One());
            left = h => first(h) && second(h);
        }

        return left;
    }

    private Predicate<WatchHit> One()
    {
        SkipSpace();
        if (!At("!=") && Take("!"))
        {
            Predicate<WatchHit> inner = One();
            return h => !inner(h);
        }

        if (Take("("))
        {
            Predicate<WatchHit> inner = Any();
            return Take(")") ? inner : throw Expected("')'");
        }

        Operand left = TakeOperand();
        string comparison = TakeComparison();
        SkipSpace();
        int place = _position;
        Operand right = TakeOperand();
        return Compare(left, comparison, right, place);
    }

    private Predicate<WatchHit> Compare(Operand left, string comparison, Operand right, int place)
    {
        bool isText = left.Text is not null && right.Text is not null;
        if (!isText && (left.Number is null || right.Number is null))
        {
            throw Error(place, "compares text with a number");
        }

        if (isText)
        {
            return comparison switch
            {
                "==" => h => left.Text!(h) == right.Text!(h),
                "!=" => h => left.Text!(h) != right.Text!(h),
                _ => throw Error(place, "text is only == or !="),
            };
        }

        bool isSigned = left.IsNegative || right.IsNegative;
        return h => Number(left, h, isSigned) is { } a && Number(right, h, isSigned) is { } b && comparison switch
        {
            "==" => a == b,
            "!=" => a != b,
            "<=" => a <= b,
            ">=" => a >= b,
            "<" => a < b,
            _ => a > b,
        };
    }

    // Beside a negative number the watched bytes are a signed one.
    private static Int128? Number(Operand operand, in WatchHit hit, bool isSigned)
    {
        Int128? number = operand.Number!(hit);
        int unused = 64 - (8 * hit.Length);
        return isSigned && operand.IsWatched && number is { } bits ? (long)((ulong)bits << unused) >> unused : number;
    }

    private Operand TakeOperand()
    {
        SkipSpace();
        int start = _position;
        if (start == _text.Length)
        {
            throw Expected("value, old, thread, function, a number or \"text\"");
        }

        if (_text[start] is '"' or '\'')
        {
            int end = _text.IndexOf(_text[start], start + 1);
            if (end < 0)
            {
                throw Error(start, "text without its closing quote");
            }

            string text = _text[(start + 1)..end];
            _position = end + 1;
            return new Operand { Text = _ => text };
        }

        while (_position < _text.Length && (char.IsAsciiLetterOrDigit(_text[_position]) || (_text[_position] == '-' && _position == start)))
        {
            _position++;
        }

        return Named(_text[start.._position], start);
    }

    private Operand Named(string word, int start)
    {
        switch (word)
        {
            case "value":
                return new Operand { Number = h => h.Value, IsWatched = true };
            case "old":
                return new Operand { Number = h => h.OldValue, IsWatched = true };
            case "thread":
                return new Operand { Number = h => h.ThreadId, Text = h => h.ThreadName };
            case "function":
                return new Operand { Text = h => h.Location.Name };
        }

        bool isNegative = word.StartsWith('-');
        ReadOnlySpan<char> digits = word.AsSpan(isNegative ? 1 : 0);
        bool isHex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isNumber = isHex
            ? ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        if (!isNumber)
        {
            _position = start;
            throw Expected("value, old, thread, function, a number or \"text\"");
        }

        Int128 value = isNegative ? -(Int128)number : number;
        return new Operand { Number = _ => value, IsNegative = isNegative };
    }

    private string TakeComparison()
    {
        foreach (string comparison in s_comparisons)
        {
            if (Take(comparison))
            {
                return comparison;
            }
        }

        throw Expected("== != < <= > or >=");
    }

    private bool Take(string word)
    {
        SkipSpace();
        bool found = At(word);
        _position += found ? word.Length : 0;
        return found;
    }

    private bool At(string word) => _text.AsSpan(_position).StartsWith(word, StringComparison.Ordinal);

    private void SkipSpace()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
        {
            _position++;
        }
    }

    private WatchException Expected(string what) =>
        Error(_position, _position == _text.Length ? $"ends where {what} is expected" : $"{what} is expected, not '{_text[_position..]}'");

    private static WatchException Error(int position, string what) => new($"--when, character {position + 1}: {what}");

    private sealed class Operand
    {
        public Func<WatchHit, Int128?>? Number { get; init; }

        public Func<WatchHit, string>? Text { get; init; }

        public bool IsNegative { get; init; }

        public bool IsWatched { get; init; }
    }
}
