using System;
using System.Collections.Generic;
using System.Text;

namespace Haltpoint.Fuzz;

/// <summary>Makes hostile bytes of good ones.</summary>
internal static class Mutator
{
    private static readonly byte[][] s_extremes =
    [
        .. Array.ConvertAll(
            ["0", "-1", "1", "7fffffff", "80000000", "ffffffff", "100000000", "7fffffffffffffff", "8000000000000000", "ffffffffffffffff", "10000000000000000",
                ":", ";", ",", "=", ".", "p", "p-1.-1", "p0.0", "X", "cmds:", ";thread:", "}", "#", "$", "*", "\0", "\x03"],
            Encoding.Latin1.GetBytes),
    ];

    public static byte[] Mutate(byte[] good, IReadOnlyList<byte[]> others, Random random)
    {
        List<byte> bytes = [.. good];
        for (int change = random.Next(5); change > 0; change--)
        {
            int at = random.Next(bytes.Count + 1);
            int left = bytes.Count - at;
            switch (random.Next(7))
            {
                case 0 when left > 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when left > 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(left + 1));
                    break;
                case 3:
                    bytes.InsertRange(at, s_extremes[random.Next(s_extremes.Length)]);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(left, random.Next(64))));
                    break;
                case 5:
                    byte[] other = others[random.Next(others.Count)];
                    bytes.InsertRange(at, other[random.Next(other.Length + 1)..]);
                    break;
                default:
                    ReplaceNumber(bytes, at, random);
                    break;
            }
        }

        return [.. bytes];
    }

    private static void ReplaceNumber(List<byte> bytes, int at, Random random)
    {
        int end = at;
        while (end < bytes.Count && char.IsAsciiHexDigit((char)bytes[end]))
        {
            end++;
        }

        bytes.RemoveRange(at, end - at);
        bytes.InsertRange(at, s_extremes[random.Next(s_extremes.Length)]);
    }
}
