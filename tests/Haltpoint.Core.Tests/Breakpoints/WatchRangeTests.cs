using System;
using System.Collections.Generic;
using System.Linq;
using Haltpoint.Breakpoints;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints;

public class WatchRangeTests
{
    public static IEnumerable<object[]> Splits() =>
        Vectors.Read("watch-ranges.txt").Select(words => new object[] { Vectors.Number(words[0]), Vectors.Number(words[1]), string.Join(' ', words[3..]) });

    [Theory]
    [MemberData(nameof(Splits))]
    public void A_range_splits_as_worked_by_hand(ulong address, ulong length, string pieces) =>
        Assert.Equal(pieces, string.Join(' ', Split(address, length).Select(p => $"0x{p.Address:X}/{p.Length}")));

    [Fact]
    public void Every_short_range_is_covered_exactly_by_aligned_pieces_and_by_no_fewer()
    {
        for (ulong address = 0x100; address < 0x110; address++)
        {
            for (ulong length = 1; length <= 40; length++)
            {
                List<WatchPiece> pieces = Split(address, length);
                ulong next = address;
                foreach (WatchPiece piece in pieces)
                {
                    Assert.Equal(next, piece.Address);
                    Assert.Contains(piece.Length, new[] { 1, 2, 4, 8 });
                    Assert.Equal(0ul, piece.Address % (ulong)piece.Length);
                    next += (ulong)piece.Length;
                }

                Assert.Equal(address + length, next);
                Assert.Equal(Fewest(address, length), pieces.Count);
            }
        }
    }

    [Fact]
    public void Counting_stops_at_the_limit()
    {
        Assert.Equal(5, new WatchRange(1, ulong.MaxValue, 8).CountPieces(5));
        Assert.Equal(3, new WatchRange(1, 7, 8).CountPieces(5));
        Assert.Equal(0, new WatchRange(1, 0, 8).CountPieces(5));
    }

    [Theory]
    [InlineData(0ul, 0ul, false)]
    [InlineData(ulong.MaxValue, 1ul, true)]
    [InlineData(ulong.MaxValue, 2ul, false)]
    [InlineData(0ul, ulong.MaxValue, true)]
    public void A_range_must_end_in_the_address_space(ulong address, ulong length, bool valid) =>
        Assert.Equal(valid, WatchRange.IsValid(address, length));

    private static List<WatchPiece> Split(ulong address, ulong length)
    {
        List<WatchPiece> pieces = [];
        WatchRange range = new(address, length, 8);
        while (range.TryTake(out WatchPiece piece))
        {
            pieces.Add(piece);
        }

        return pieces;
    }

    // Shortest path over every aligned piece that could start at each byte.
    private static int Fewest(ulong address, ulong length)
    {
        int[] fewest = new int[length + 1];
        Array.Fill(fewest, int.MaxValue - 1);
        fewest[0] = 0;
        for (ulong at = 0; at < length; at++)
        {
            foreach (ulong size in (ReadOnlySpan<ulong>)[1, 2, 4, 8])
            {
                if ((address + at) % size == 0 && at + size <= length)
                {
                    fewest[at + size] = Math.Min(fewest[at + size], fewest[at] + 1);
                }
            }
        }

        return fewest[length];
    }
}
