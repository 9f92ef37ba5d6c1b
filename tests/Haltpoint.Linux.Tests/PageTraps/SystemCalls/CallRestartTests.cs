using System;
using Haltpoint.Linux.PageTraps.SystemCalls;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps.SystemCalls;

/// <summary>Calls that end early, begin again, or go on (the kernel's ERESTART results: -512 to -514 and -516).</summary>
public class CallRestartTests
{
    private const ulong Start = 0x5555_0000_0000;
    private const ulong End = Start + 0x1000;
    private const ulong Delta = 0x1_0000_0000;
    private const int Read = 0;
    private const int Nanosleep = 35;
    private const int Futex = 202;
    private const int Ioctl = 16;
    private const int RestartSystemCall = 219;
    private const int SignalReturn = 15;
    private const long RestartAlways = -512;
    private const long RestartBlock = -516;
    private const long BadAddress = -14;

    private static readonly ArmedRange[] s_armed = [new(Start, End, Delta)];

    private readonly FakeCallMemory _memory = new FakeCallMemory(s_armed).Map(Start - 0x1000, 0x3000);
    private readonly CallPlan _plan;

    public CallRestartTests() => _plan = new CallPlan(_memory);

    [Fact]
    public void A_read_that_is_begun_again_is_told_when_it_transferred_something()
    {
        Assert.Equal(CallAction.Translate, Enter(Read, 3, Start, 100));
        Assert.Equal(CallEnd.Done, _plan.Leave(RestartAlways));
        Assert.Empty(_plan.Accesses.ToArray());
        Assert.Equal(RestartAlways, _plan.Result);

        Assert.Equal(CallAction.Translate, Enter(Read, 3, Start, 100));
        Assert.Equal(CallEnd.Done, _plan.Leave(7));
        Assert.Equal([new CallAccess(Start, 7, true)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void What_a_call_that_is_begun_again_read_is_told_once()
    {
        Enter(Futex, Start, 0, 1);
        _plan.Leave(RestartAlways);
        Assert.Equal([new CallAccess(Start, 4, false)], _plan.Accesses.ToArray());
        Enter(Futex, Start, 0, 1);
        _plan.Leave(0);
        Assert.Empty(_plan.Accesses.ToArray());

        Enter(Futex, Start, 0, 1);
        _plan.Leave(0);
        Assert.Equal([new CallAccess(Start, 4, false)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void The_same_call_after_a_handler_is_another()
    {
        Enter(Futex, Start, 0, 1);
        _plan.Leave(RestartAlways);
        Enter(SignalReturn);
        Enter(Futex, Start, 0, 1);
        _plan.Leave(0);
        Assert.Equal([new CallAccess(Start, 4, false)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void A_suspended_call_goes_on_with_what_it_was_given()
    {
        ulong rest = Start - 8;
        Assert.Equal(CallAction.Translate, Enter(Nanosleep, Start + 64, rest));
        ulong given = _plan.Arguments[1];
        _memory.Put(given, 5, 6);
        Assert.Equal(CallEnd.Suspended, _plan.Leave(RestartBlock));
        Assert.Equal((5ul, 6ul), (_memory.Long(rest), _memory.Long(rest + 8)));

        Assert.Equal(CallAction.Translate, Enter(RestartSystemCall, Start + 64, rest));
        Assert.False(_plan.IsChanged);
        _memory.Put(given, 3, 4);
        Assert.Equal(CallEnd.Done, _plan.Leave(-4));
        Assert.Equal((3ul, 4ul), (_memory.Long(rest), _memory.Long(rest + 8)));
        Assert.Equal([new CallAccess(rest, 16, true)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void A_suspended_call_that_is_not_gone_on_with_is_forgotten()
    {
        Enter(Nanosleep, Start + 64, 0);
        Assert.Equal(CallEnd.Suspended, _plan.Leave(RestartBlock));
        Assert.Equal(CallAction.None, Enter(39));
        Assert.Equal(CallAction.None, Enter(RestartSystemCall));
    }

    [Fact]
    public void A_request_with_unknown_addresses_in_it_is_made_again_with_everything_open()
    {
        Assert.Equal(CallAction.Follow, Enter(Ioctl, 3, 0xC0185800, End + 16));
        Assert.Equal(CallEnd.RetryOpened, _plan.Leave(BadAddress));
        Assert.Equal(CallAction.Open, Enter(Ioctl, 3, 0xC0185800, End + 16));
        Assert.Equal(CallEnd.Done, _plan.Leave(BadAddress));
        Assert.Equal(CallAction.Follow, Enter(Ioctl, 3, 0xC0185800, End + 16));
    }

    [Fact]
    public void A_call_that_was_made_open_and_waited_is_made_open_again()
    {
        Enter(Ioctl, 3, 0xC0185800, End + 16);
        _plan.Leave(BadAddress);
        Assert.Equal(CallAction.Open, Enter(Ioctl, 3, 0xC0185800, End + 16));
        Assert.Equal(CallEnd.Done, _plan.Leave(RestartAlways));
        Assert.True(_plan.IsRestarting);
        Assert.Equal(CallAction.Open, Enter(Ioctl, 3, 0xC0185800, End + 16));
        Assert.Equal(CallEnd.Done, _plan.Leave(0));
        Assert.False(_plan.IsRestarting);
        Assert.Equal(CallAction.Follow, Enter(Ioctl, 3, 0xC0185800, End + 16));
    }

    [Fact]
    public void A_call_that_was_made_open_is_gone_on_with_open()
    {
        _memory.ScratchLeft = 10;
        Assert.Equal(CallAction.Open, Enter(Nanosleep, End - 8, 0));
        Assert.Equal(CallEnd.Suspended, _plan.Leave(RestartBlock));
        Assert.Equal([new CallAccess(End - 8, 16, false)], _plan.Accesses.ToArray());
        Assert.Equal(CallAction.Open, Enter(RestartSystemCall, End - 8, 0));
        Assert.Equal(CallEnd.Done, _plan.Leave(0));
        Assert.Empty(_plan.Accesses.ToArray());
    }

    [Fact]
    public void What_was_suspended_before_anything_was_armed_is_gone_on_with_open()
    {
        Assert.Equal(CallAction.Open, Enter(RestartSystemCall, 1, Start + 8));
        Assert.Equal(CallAction.None, Enter(RestartSystemCall, 1, End));
    }

    [Fact]
    public void A_bad_address_of_a_known_call_is_the_programs_own()
    {
        Assert.Equal(CallAction.Translate, Enter(Read, 3, Start, 100));
        Assert.Equal(CallEnd.Done, _plan.Leave(BadAddress));
        Assert.Equal(BadAddress, _plan.Result);
    }

    [Fact]
    public void Without_room_a_crossing_buffer_makes_the_call_open()
    {
        _memory.ScratchLeft = 10;
        Assert.Equal(CallAction.Open, Enter(Read, 3, End - 20, 40));
        Assert.False(_plan.IsChanged);
        Assert.Equal(End - 20, _plan.Arguments[1]);
        _plan.Leave(30);
        Assert.Equal([new CallAccess(End - 20, 30, true)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void A_result_that_cannot_get_back_is_a_fault()
    {
        FakeCallMemory edge = new FakeCallMemory(s_armed).Map(Start, 0x1000);
        CallPlan plan = new(edge);
        Assert.Equal(CallAction.Translate, plan.Enter(Request(Read, 3, End - 20, 40), s_armed));
        plan.Leave(30);
        Assert.Equal(BadAddress, plan.Result);
    }

    [Theory]
    [InlineData(0x5401u, 36, true)] // TCGETS
    [InlineData(0x541bu, 4, true)] // FIONREAD
    [InlineData(0x5421u, 4, false)] // FIONBIO
    [InlineData(0x80081272u, 8, true)] // BLKGETSIZE64, by its number
    [InlineData(0x40045431u, 4, false)] // TIOCSPTLCK, by its number
    public void The_number_of_a_request_says_what_it_does(uint request, int length, bool isWrite)
    {
        Assert.Equal(CallAction.Translate, Enter(Ioctl, 3, request, Start + 8));
        _plan.Leave(0);
        Assert.Equal([new CallAccess(Start + 8, (ulong)length, isWrite)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void Nothing_is_allocated_for_a_call_in_either_case()
    {
        Span<long> before = stackalloc long[1];
        for (int round = 0; round < 3; round++)
        {
            before[0] = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                Enter(Read, 3, End, 100);
                Enter(Read, 3, Start, 100);
                _plan.Leave(50);
                Enter(Ioctl, 3, 0x541b, End);
                Enter(Futex, Start, 1, 1);
                _plan.Leave(0);
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before[0]);
    }

    private CallAction Enter(int number, ulong a0 = 0, ulong a1 = 0, ulong a2 = 0) => _plan.Enter(Request(number, a0, a1, a2), s_armed);

    private static CallRequest Request(int number, ulong a0, ulong a1, ulong a2) =>
        new() { Number = number, Process = 77, Arguments = new CallArguments(a0, a1, a2) };
}
