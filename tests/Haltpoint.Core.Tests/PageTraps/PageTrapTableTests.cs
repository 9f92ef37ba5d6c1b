using System.Collections.Generic;
using Haltpoint.Breakpoints;
using Haltpoint.PageTraps;
using Xunit;

namespace Haltpoint.Core.Tests.PageTraps;

/// <summary>Rules one at a time, and the defects that tracers of this kind have had.</summary>
public class PageTrapTableTests
{
    private const ulong PageSize = 4096;
    private const ulong Home = 0x7000_0000;

    private readonly TestTable _test = new(4, 4, 2, PageSize);

    private ref PageTrapTable Table => ref _test.Table;

    [Theory]
    [InlineData(0x1000, 0, AccessKind.Read, PageTrapStatus.BadRange)]
    [InlineData(0xFFFF_FFFF_FFFF_FFFF, 2, AccessKind.Read, PageTrapStatus.BadRange)]
    [InlineData(0xFFFF_FFFF_FFFF_F001, 8, AccessKind.Read, PageTrapStatus.BadRange)]
    [InlineData(0x1000, 8, AccessKind.None, PageTrapStatus.BadAccess)]
    [InlineData(0x1000, 8, AccessKind.Execute, PageTrapStatus.BadAccess)]
    [InlineData(0x1000, 8, AccessKind.Read | AccessKind.Execute, PageTrapStatus.BadAccess)]
    public void A_refused_request_leaves_no_count_behind(ulong start, ulong length, AccessKind access, PageTrapStatus expected)
    {
        // G-1: the counter that keeps the fault path busy was raised before the request was looked at.
        Assert.Equal(expected, Table.AddProbe(start, length, access, out int id));
        Assert.Equal((0, 0), (id, Table.ProbeCount));
        Assert.False(Table.TryFindMissing(0, out _, out _));
        Assert.Equal(PageTrapStatus.Ok, Table.AddProbe(0x1000, 8, AccessKind.Read, out id));
        Assert.Equal(1, id);
    }

    [Fact]
    public void A_request_for_which_there_is_no_room_leaves_nothing()
    {
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(PageTrapStatus.Ok, Table.AddProbe(0x1000, 8, AccessKind.Read, out _));
        }

        Assert.Equal(PageTrapStatus.Full, Table.AddProbe(0x9000, 8, AccessKind.Read, out _));
        Assert.False(Table.TryFindMissing(0x2000, out _, out _));
    }

    [Fact]
    public void The_same_unaligned_range_twice_is_two_probes_over_pages_armed_once()
    {
        // G-11: a test for the page's base missed that the range was there already.
        Table.AddProbe(0x1FF0, 0x20, AccessKind.ReadWrite, out int first);
        Table.AddProbe(0x1FF0, 0x20, AccessKind.ReadWrite, out int second);
        Assert.NotEqual(first, second);
        Assert.Equal([(0x1000ul, 0x3000ul)], Missing());
        Assert.Equal(PageTrapStatus.Ok, Table.Arm(0x1000, 0x3000, Home));
        Assert.Equal(PageTrapStatus.Overlaps, Table.Arm(0x2000, 0x3000, Home));
        Assert.Equal([first, second], Hits(0x2000, 1, AccessKind.Write));

        Assert.Equal(PageTrapStatus.Ok, Table.RemoveProbe(first));
        Assert.False(Table.TryFindUnneeded(0, out _));
        Assert.Equal([second], Hits(0x2000, 1, AccessKind.Write));
        Assert.Equal(PageTrapStatus.Ok, Table.RemoveProbe(second));
        Assert.True(Table.TryFindUnneeded(0, out TrappedRun piece));
        Assert.Equal((0x1000ul, 0x3000ul, Home), (piece.Start, piece.End, piece.Home));
    }

    [Theory]
    [InlineData(0x1FEF, 1, false)]
    [InlineData(0x1FEF, 2, true)]
    [InlineData(0x1FF0, 1, true)]
    [InlineData(0x200F, 8, true)]
    [InlineData(0x2010, 8, false)]
    [InlineData(0x1000, 8, false)]
    [InlineData(0x1FF8, 64, true)]
    public void An_access_is_told_by_its_bytes_and_not_by_its_page(ulong start, ulong length, bool isHit)
    {
        // G-21: looked up by the page's base, an access in the first page of an unaligned range was lost, and others were told.
        Table.AddProbe(0x1FF0, 0x20, AccessKind.Write, out int id);
        Assert.Equal(isHit ? [id] : [], Hits(start, length, AccessKind.Write));
        Assert.Empty(Hits(start, length, AccessKind.Read));
    }

    [Fact]
    public void An_overlap_later_in_the_range_is_found()
    {
        // G-2: only the first address was looked at.
        Table.AddProbe(0x3000, 0x1000, AccessKind.Read, out _);
        Assert.Equal(PageTrapStatus.Ok, Table.Arm(0x3000, 0x4000, Home));
        Table.AddProbe(0x1000, 0x5000, AccessKind.Read, out _);
        Assert.Equal([(0x1000ul, 0x3000ul), (0x4000ul, 0x6000ul)], Missing());
        Assert.Equal(PageTrapStatus.Overlaps, Table.Arm(0x1000, 0x6000, Home));
    }

    [Fact]
    public void A_page_that_is_gone_takes_nothing_with_it()
    {
        // G-32: with the mapping gone, the removal returned at once and left probe, count and pages.
        Table.AddProbe(0x1000, 0x3000, AccessKind.Read, out int id);
        Table.Arm(0x1000, 0x4000, Home);
        Assert.Equal(PageTrapStatus.Ok, Table.Disarm(0x2000, 0x3000));
        Assert.Equal([(0x2000ul, 0x3000ul)], Missing());
        Assert.Equal(PageTrapStatus.Ok, Table.RemoveProbe(id));
        Assert.True(Table.TryFindUnneeded(0, out TrappedRun low));
        Assert.True(Table.TryFindUnneeded(low.End, out TrappedRun high));
        Assert.Equal((0x1000ul, 0x2000ul, 0x3000ul, 0x4000ul), (low.Start, low.End, high.Start, high.End));
        Assert.Equal((Home, Home), (low.Home, high.Home));
        Assert.Equal(PageTrapStatus.Ok, Table.Disarm(low.Start, low.End));
        Assert.Equal(PageTrapStatus.Ok, Table.Disarm(high.Start, high.End));
        Assert.Equal((0, 0), (Table.ProbeCount, Table.RunCount));
    }

    [Fact]
    public void A_run_that_cannot_be_split_stays_whole()
    {
        TestTable one = new(1, 1, 1, PageSize);
        one.Table.Arm(0x1000, 0x4000, Home);
        Assert.False(one.Table.HasRoom);
        Assert.Equal(PageTrapStatus.Full, one.Table.Disarm(0x2000, 0x3000));
        Assert.True(one.Table.TryFindRun(0x2000, out TrappedRun run));
        Assert.Equal((0x1000ul, 0x4000ul), (run.Start, run.End));
    }

    [Fact]
    public void A_fault_on_its_way_while_its_page_is_disarmed_is_tried_again()
    {
        Table.AddProbe(0x1000, 8, AccessKind.Read, out int id);
        Table.Arm(0x1000, 0x2000, Home);
        ulong stamp = Table.Stamp;
        Assert.Equal(FaultVerdict.Trapped, Table.Judge(0x1FFF, stamp));
        Assert.Equal(FaultVerdict.NotOurs, Table.Judge(0x2000, stamp));
        Table.SetOpen(0x1000, true);
        Assert.Equal(FaultVerdict.Retry, Table.Judge(0x1FFF, stamp));
        Table.RemoveProbe(id);
        Table.Disarm(0x1000, 0x2000);
        Assert.Equal(FaultVerdict.Retry, Table.Judge(0x1FFF, stamp));
        Assert.Equal(FaultVerdict.NotOurs, Table.Judge(0x2000, stamp));
        Assert.Equal(FaultVerdict.NotOurs, Table.Judge(0x1FFF, Table.Stamp));
        Table.ForgetDeparted(stamp);
        Assert.Equal(FaultVerdict.Retry, Table.Judge(0x1FFF, stamp));
        Table.ForgetDeparted(Table.Stamp);
        Assert.Equal(FaultVerdict.NotOurs, Table.Judge(0x1FFF, stamp));
    }

    [Fact]
    public void More_departed_runs_than_there_is_room_for_are_all_remembered()
    {
        ulong stamp = Table.Stamp;
        for (ulong page = 0x1000; page < 0x6000; page += PageSize)
        {
            Table.Arm(page, page + PageSize, Home);
            Table.Disarm(page, page + PageSize);
        }

        for (ulong page = 0x1000; page < 0x6000; page += PageSize)
        {
            Assert.Equal(FaultVerdict.Retry, Table.Judge(page, stamp));
            Assert.Equal(FaultVerdict.NotOurs, Table.Judge(page, Table.Stamp));
        }
    }

    [Theory]
    [InlineData(0x1000, 0x1000)]
    [InlineData(0x2000, 0x1000)]
    [InlineData(0x1001, 0x2000)]
    [InlineData(0x1000, 0x2001)]
    public void Only_whole_pages_are_armed(ulong start, ulong end)
    {
        ulong version = Table.Version;
        Assert.Equal(PageTrapStatus.BadRange, Table.Arm(start, end, Home));
        Assert.Equal(version, Table.Version);
        Assert.Equal(0, Table.RunCount);
    }

    private List<(ulong Start, ulong End)> Missing()
    {
        List<(ulong, ulong)> all = [];
        for (ulong from = 0; Table.TryFindMissing(from, out ulong start, out ulong end); from = end)
        {
            all.Add((start, end));
        }

        return all;
    }

    private List<int> Hits(ulong start, ulong length, AccessKind access)
    {
        List<int> all = [];
        for (int cursor = 0; Table.TryFindHit(ref cursor, start, start + length, access, out Probe probe);)
        {
            all.Add(probe.Id);
        }

        return all;
    }
}
