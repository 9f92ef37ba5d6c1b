using System;
using Haltpoint.Linux.PageTraps.SystemCalls;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps.SystemCalls;

public class CallPlanTests
{
    private const ulong Start = 0x5555_0000_0000;
    private const ulong End = Start + 0x2000;
    private const ulong Delta = 0x1_0000_0000;
    private const ulong Plain = 0x6000_0000_0000;
    private const int Read = 0;
    private const int Write = 1;
    private const int Stat = 4;
    private const int MemoryUnmap = 11;
    private const int IoUringSetup = 425;
    private const int SetTidAddress = 218;

    private static readonly ArmedRange[] s_armed = [new(Start, End, Delta)];

    private readonly FakeCallMemory _memory = new FakeCallMemory(s_armed).Map(Start - 0x1000, 0x4000).Map(Plain, 0x10000);
    private readonly CallPlan _plan;

    public CallPlanTests() => _plan = new CallPlan(_memory);

    [Fact]
    public void A_call_beside_the_armed_ranges_is_left_alone()
    {
        Assert.Equal(CallAction.None, Enter(Read, 3, Plain, 100));
        Assert.Equal(CallAction.None, Enter(Read, 3, Start - 100, 100));
        Assert.Equal(CallAction.None, Enter(Read, 3, End, 100));
        Assert.Equal(CallAction.None, Enter(Read, 3, Start, 0));
    }

    [Fact]
    public void A_buffer_in_an_armed_range_is_given_at_its_home()
    {
        Assert.Equal(CallAction.Translate, Enter(Read, 3, Start + 16, 100));

        Assert.True(_plan.IsChanged);
        Assert.Equal(Start + 16 + Delta, _plan.Arguments[1]);
        Assert.Equal(100ul, _plan.Arguments[2]);
        Assert.Equal(CallEnd.Done, _plan.Leave(40));
        Assert.Equal(40, _plan.Result);
        Assert.Equal([new CallAccess(Start + 16, 40, true)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void A_buffer_that_crosses_an_end_goes_through_scratch_and_only_what_was_transferred_comes_back()
    {
        byte[] before = [.. _memory.Bytes(End - 8, 16)];
        Assert.Equal(CallAction.Translate, Enter(Read, 3, End - 8, 16));
        ulong given = _plan.Arguments[1];
        Assert.True(_memory.KernelReaches(given, 16));
        _memory.TryWrite(given, "0123456789ab!!!!"u8);

        Assert.Equal(CallEnd.Done, _plan.Leave(12));

        Assert.Equal("0123456789ab"u8.ToArray(), _memory.Bytes(End - 8, 12));
        Assert.Equal(before[12..], _memory.Bytes(End + 4, 4));
        Assert.Equal([new CallAccess(End - 8, 12, true)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void What_is_written_across_an_end_is_copied_in()
    {
        _memory.TryWrite(Start - 4, "abcdefgh"u8);
        Assert.Equal(CallAction.Translate, Enter(Write, 1, Start - 4, 8));
        Assert.Equal("abcdefgh"u8.ToArray(), _memory.Bytes(_plan.Arguments[1], 8));

        _plan.Leave(8);

        Assert.Equal([new CallAccess(Start - 4, 8, false)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void A_name_and_a_result_are_followed_each_by_itself()
    {
        _memory.PutText(Start + 8, "/etc/passwd");
        Assert.Equal(CallAction.Translate, Enter(Stat, Start + 8, Start + 256));
        Assert.Equal(Start + 8 + Delta, _plan.Arguments[0]);
        Assert.Equal(Start + 256 + Delta, _plan.Arguments[1]);

        _plan.Leave(0);

        Assert.Equal([new CallAccess(Start + 8, 12, false), new CallAccess(Start + 256, 144, true)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void A_call_that_changes_the_mapping_is_opened()
    {
        Assert.Equal(CallAction.Open, Enter(MemoryUnmap, Start - 0x1000, 0x1800));
        Assert.False(_plan.IsChanged);
        Assert.Equal(CallAction.None, Enter(MemoryUnmap, Start - 0x1000, 0x1000));
    }

    [Fact]
    public void A_ring_is_refused_and_a_word_that_the_kernel_keeps_is_released()
    {
        Assert.Equal(CallAction.Refuse, Enter(IoUringSetup, 8, Plain));
        Assert.Equal(CallAction.None, Enter(SetTidAddress, Plain));
        Assert.Equal(CallAction.Release, Enter(SetTidAddress, Start + 8));
        Assert.Equal(new CallAccess(Start + 8, 4, true), _plan.Kept);
    }

    [Fact]
    public void An_unknown_call_is_opened_only_with_an_address_in_an_armed_range()
    {
        Assert.Equal(CallAction.Open, Enter(1000, 1, Start));
        Assert.Equal(CallAction.Follow, Enter(1000, 1, Plain));
        Assert.Equal(CallEnd.RetryOpened, _plan.Leave(-14));
    }

    private CallAction Enter(int number, ulong a0 = 0, ulong a1 = 0, ulong a2 = 0, ulong a3 = 0, ulong a4 = 0, ulong a5 = 0)
    {
        CallRequest request = new() { Number = number, Process = 77, Arguments = new CallArguments(a0, a1, a2, a3, a4, a5) };
        return _plan.Enter(request, s_armed);
    }
}
