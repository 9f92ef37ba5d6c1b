using System;

namespace Haltpoint.Breakpoints;

/// <summary>Up to four bytes in a number, the first in memory in the low byte.</summary>
internal static class PackedBytes
{
    /// <summary>Whether <paramref name="bytes"/> are those of <paramref name="packed"/> from byte <paramref name="from"/> on.</summary>
    public static bool AreAt(ReadOnlySpan<byte> bytes, uint packed, int from)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != (byte)(packed >> (8 * (from + i))))
            {
                return false;
            }
        }

        return true;
    }

    public static void CopyTo(uint packed, int from, Span<byte> into)
    {
        for (int i = 0; i < into.Length; i++)
        {
            into[i] = (byte)(packed >> (8 * (from + i)));
        }
    }

    public static void Set(ref uint packed, int from, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            int shift = 8 * (from + i);
            packed = (packed & ~(0xFFu << shift)) | ((uint)bytes[i] << shift);
        }
    }
}
