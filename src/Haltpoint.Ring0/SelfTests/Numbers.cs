using System;

namespace Haltpoint.Ring0.SelfTests;

/// <summary>Numbers out of words, and numbers at random.</summary>
internal static class Numbers
{
    /// <returns>The other when the word is no decimal number.</returns>
    public static int Parse(ReadOnlySpan<byte> word, int otherwise)
    {
        int number = 0;
        foreach (byte digit in word)
        {
            if (digit is < (byte)'0' or > (byte)'9' || number > 100_000_000)
            {
                return otherwise;
            }

            number = (10 * number) + digit - '0';
        }

        return word.IsEmpty ? otherwise : number;
    }

    /// <summary>Xorshift (Marsaglia 2003).</summary>
    /// <param name="state">Not 0; the next one afterwards.</param>
    /// <param name="below">The number is below it.</param>
    public static int Draw(ref ulong state, int below)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (int)((state >> 20) % (uint)below);
    }
}
