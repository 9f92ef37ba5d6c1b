using System;
using System.Globalization;

namespace Haltpoint.Linux.Watching;

/// <summary>Reads a condition by recursive descent; its grammar is with <see cref="HitCondition"/>.</summary>
internal sealed class HitConditionParser(string text)
{
    private const string Operands = "value, old, thread, function, hits, a number or \"text\"";

    // Each before its beginning.
    private static readonly (string Text, HitOperator Operator)[] s_comparisons =
    [
        ("==", HitOperator.Equal), ("!=", HitOperator.NotEqual), ("<=", HitOperator.LessOrEqual),
        (">=", HitOperator.GreaterOrEqual), ("<", HitOperator.Less), (">", HitOperator.Greater),
    ];

    private int _position;

    /// <summary>The first error; empty when there is none.</summary>
    public string Error { get; private set; } = "";

    /// <returns>Null after an error.</returns>
    public HitTest? Parse()
    {
        HitTest? test = Any();
        SkipSpace();
        return test is not null && _position < text.Length ? Expected("'&&', '||' or the end") : test;
    }

    private HitTest? Any()
    {
        HitTest? left = All();
        while (left is not null && Take("||"))
        {
            left = Join(HitOperator.Or, left, All());
        }

        return left;
    }

    private HitTest? All()
    {
        HitTest? left = One();
        while (left is not null && Take("&&"))
        {
            left = Join(HitOperator.And, left, One());
        }

        return left;
    }

    private static HitTest? Join(HitOperator how, HitTest left, HitTest? right) =>
        right is null ? null : new HitTest { Operator = how, First = left, Second = right };

    private HitTest? One()
    {
        SkipSpace();
        if (!At("!=") && Take("!"))
        {
            return One() is { } inner ? new HitTest { Operator = HitOperator.Not, First = inner } : null;
        }

        if (Take("("))
        {
            HitTest? inner = Any();
            return inner is null || Take(")") ? inner : Expected("')'");
        }

        if (TakeOperand() is not { } left || TakeComparison() is not { } comparison)
        {
            return null;
        }

        SkipSpace();
        int place = _position;
        return TakeOperand() is { } right ? Compare(left, comparison, right, place) : null;
    }

    private HitTest? Compare(in HitOperand left, HitOperator comparison, in HitOperand right, int place)
    {
        bool isText = left.MayBeText && right.MayBeText && (left.Kind == HitOperandKind.Text || right.Kind == HitOperandKind.Text);
        if (isText && comparison is not (HitOperator.Equal or HitOperator.NotEqual))
        {
            return Fail(place, "text is only == or !=");
        }

        if (!isText && !(left.MayBeNumber && right.MayBeNumber))
        {
            return Fail(place, left.MayBeText && right.MayBeText ? "compares two things without a \"text\"" : "compares text with a number");
        }

        return new HitTest { Operator = comparison, Left = left, Right = right };
    }

    private HitOperand? TakeOperand()
    {
        SkipSpace();
        int start = _position;
        if (start < text.Length && text[start] is '"' or '\'')
        {
            int end = text.IndexOf(text[start], start + 1);
            if (end < 0)
            {
                Fail(start, "text without its closing quote");
                return null;
            }

            _position = end + 1;
            return new HitOperand { Kind = HitOperandKind.Text, Text = text[(start + 1)..end] };
        }

        string word = TakeWord();
        bool isSigned = word == "signed";
        if (isSigned)
        {
            SkipSpace();
            start = _position;
            word = TakeWord();
        }

        HitOperand? operand = word switch
        {
            "value" => new HitOperand { Kind = HitOperandKind.Value, IsSigned = isSigned },
            "old" => new HitOperand { Kind = HitOperandKind.OldValue, IsSigned = isSigned },
            _ when isSigned => null,
            "thread" => new HitOperand { Kind = HitOperandKind.Thread },
            "function" => new HitOperand { Kind = HitOperandKind.Function },
            "hits" => new HitOperand { Kind = HitOperandKind.Hits },
            _ => Number(word),
        };
        if (operand is null)
        {
            _position = start;
            Expected(isSigned ? "value or old" : Operands);
        }

        return operand;
    }

    private string TakeWord()
    {
        int start = _position;
        while (_position < text.Length && (char.IsAsciiLetterOrDigit(text[_position]) || (text[_position] == '-' && _position == start)))
        {
            _position++;
        }

        return text[start.._position];
    }

    private static HitOperand? Number(string word)
    {
        bool isNegative = word.StartsWith('-');
        ReadOnlySpan<char> digits = word.AsSpan(isNegative ? 1 : 0);
        bool isNumber = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        return isNumber ? new HitOperand { Kind = HitOperandKind.Number, Number = isNegative ? -(Int128)number : number } : null;
    }

    private HitOperator? TakeComparison()
    {
        foreach ((string comparison, HitOperator meaning) in s_comparisons)
        {
            if (Take(comparison))
            {
                return meaning;
            }
        }

        Expected("== != < <= > or >=");
        return null;
    }

    private bool Take(string word)
    {
        SkipSpace();
        bool found = At(word);
        _position += found ? word.Length : 0;
        return found;
    }

    private bool At(string word) => text.AsSpan(_position).StartsWith(word, StringComparison.Ordinal);

    private void SkipSpace()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }
    }

    private HitTest? Expected(string what) =>
        Fail(_position, _position == text.Length ? $"ends where {what} is expected" : $"{what} is expected, not '{text[_position..]}'");

    private HitTest? Fail(int position, string what)
    {
        if (Error.Length == 0)
        {
            Error = $"character {position + 1}: {what}";
        }

        return null;
    }
}
