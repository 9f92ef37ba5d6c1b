using System;
using System.Diagnostics.CodeAnalysis;

namespace Haltpoint.Linux.Watching;

/// <summary>Which hits are wanted: <c>value == 42 &amp;&amp; old != 0</c>, for <c>watch --when</c> and <c>monitor when</c> alike.</summary>
/// <remarks>
/// <code>
///  any        = all { "||" all }
///  all        = one { "&amp;&amp;" one }
///  one        = "!" one | "(" any ")" | operand comparison operand
///  operand    = [ signed ] ( value | old ) | thread | function | hits | number | "text" | 'text'
///  comparison = == != &lt; &lt;= &gt; &gt;=
/// </code>
/// A thread is its name, or beside a number its id. A value is signed when the condition says so, and beside a negative number.
/// Nothing is true of a value that is not known. Judging allocates nothing.
/// </remarks>
internal sealed class HitCondition
{
    private readonly HitTest _test;

    private HitCondition(string text, HitTest test)
    {
        Text = text;
        _test = test;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Whether judging needs the symbols of the program.</summary>
    public bool AsksForFunction => _test.AsksForFunction;

    /// <param name="text">The condition.</param>
    /// <param name="condition">The test.</param>
    /// <param name="error">Where it is wrong and why: <c>character 7: ...</c>.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out HitCondition? condition, out string error)
    {
        HitConditionParser parser = new(text);
        HitTest? test = parser.Parse();
        error = parser.Error;
        condition = test is null ? null : new HitCondition(text.Trim(), test);
        return condition is not null;
    }

    public bool IsTrue<TFacts>(in TFacts facts)
        where TFacts : struct, IHitFacts, allows ref struct => IsTrue(_test, facts);

    private static bool IsTrue<TFacts>(HitTest test, in TFacts facts)
        where TFacts : struct, IHitFacts, allows ref struct => test.Operator switch
        {
            HitOperator.Or => IsTrue(test.First!, facts) || IsTrue(test.Second!, facts),
            HitOperator.And => IsTrue(test.First!, facts) && IsTrue(test.Second!, facts),
            HitOperator.Not => !IsTrue(test.First!, facts),
            _ => test.Left.Kind is HitOperandKind.Text || test.Right.Kind is HitOperandKind.Text ? CompareText(test, facts) : CompareNumbers(test, facts),
        };

    private static bool CompareNumbers<TFacts>(HitTest test, in TFacts facts)
        where TFacts : struct, IHitFacts, allows ref struct
    {
        bool isSigned = test.Left.IsNegative || test.Right.IsNegative;
        if (!TryGet(test.Left, facts, isSigned, out Int128 left) || !TryGet(test.Right, facts, isSigned, out Int128 right))
        {
            return false;
        }

        return test.Operator switch
        {
            HitOperator.Equal => left == right,
            HitOperator.NotEqual => left != right,
            HitOperator.LessOrEqual => left <= right,
            HitOperator.GreaterOrEqual => left >= right,
            HitOperator.Less => left < right,
            _ => left > right,
        };
    }

    private static bool TryGet<TFacts>(in HitOperand operand, in TFacts facts, bool isSigned, out Int128 number)
        where TFacts : struct, IHitFacts, allows ref struct
    {
        bool isKnown = true;
        ulong bits = 0;
        switch (operand.Kind)
        {
            case HitOperandKind.Value:
                isKnown = facts.TryGetValue(out bits);
                break;
            case HitOperandKind.OldValue:
                isKnown = facts.TryGetOldValue(out bits);
                break;
            case HitOperandKind.Thread:
                number = facts.Thread;
                return true;
            case HitOperandKind.Hits:
                number = facts.Hits;
                return true;
            default:
                number = operand.Number;
                return true;
        }

        int unused = 64 - (8 * facts.Length);
        number = isSigned || operand.IsSigned ? (long)(bits << unused) >> unused : bits;
        return isKnown;
    }

    // The parser lets a text stand beside a thread, a function or another text only.
    private static bool CompareText<TFacts>(HitTest test, in TFacts facts)
        where TFacts : struct, IHitFacts, allows ref struct
    {
        (HitOperand text, HitOperand other) = test.Left.Kind == HitOperandKind.Text ? (test.Left, test.Right) : (test.Right, test.Left);
        bool isEqual = other.Kind switch
        {
            HitOperandKind.Thread => facts.IsThreadNamed(text.Text!),
            HitOperandKind.Function => facts.IsInFunction(text.Text!),
            _ => text.Text == other.Text,
        };
        return isEqual == (test.Operator == HitOperator.Equal);
    }
}
