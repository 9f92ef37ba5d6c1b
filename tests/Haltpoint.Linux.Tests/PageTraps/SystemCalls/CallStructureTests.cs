using System;
using System.Linq;
using Haltpoint.Linux.PageTraps.SystemCalls;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps.SystemCalls;

/// <summary>Structures with addresses in them; the tests are the kernel.</summary>
public class CallStructureTests
{
    private const ulong First = 0x5555_0000_0000;
    private const ulong FirstEnd = First + 0x2000;
    private const ulong FirstDelta = 0x1_0000_0000;
    private const ulong Second = FirstEnd;
    private const ulong SecondEnd = Second + 0x1000;
    private const ulong SecondDelta = 0x2_0000_0000;
    private const ulong Plain = 0x6000_0000_0000;

    private static readonly ArmedRange[] s_armed = [new(First, FirstEnd, FirstDelta), new(Second, SecondEnd, SecondDelta)];

    private readonly FakeCallMemory _memory = new FakeCallMemory(s_armed).Map(First - 0x40000, 0x80000).Map(Plain, 0x10000);
    private readonly CallPlan _plan;

    public CallStructureTests() => _plan = new CallPlan(_memory);

    [Fact]
    public void A_vector_is_copied_with_the_addresses_of_homes()
    {
        _memory.Put(Plain, Plain + 0x100, 10, First + 8, 20, Second + 8, 30);

        Assert.Equal(CallAction.Translate, Enter("readv", 3, Plain, 3));

        ulong vector = _plan.Arguments[1];
        Assert.True(_memory.KernelReaches(vector, 48));
        Assert.Equal([Plain + 0x100, 10ul, First + 8 + FirstDelta, 20ul, Second + 8 + SecondDelta, 30ul], Longs(vector, 6));
        Assert.Equal([Plain + 0x100, 10ul, First + 8, 20ul, Second + 8, 30ul], Longs(Plain, 6));
        _plan.Leave(35);
        Assert.Equal([new(First + 8, 20, true), new(Second + 8, 5, true)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void A_vector_that_leads_past_the_armed_ranges_is_left_alone()
    {
        _memory.Put(Plain, Plain + 0x100, 10, SecondEnd, 20);

        Assert.Equal(CallAction.None, Enter("writev", 3, Plain, 2));
    }

    [Fact]
    public void A_vector_in_an_armed_range_that_leads_past_it_is_given_at_its_home_and_was_read()
    {
        _memory.Put(First, Plain + 0x100, 10);

        Assert.Equal(CallAction.Translate, Enter("writev", 3, First, 1));

        Assert.Equal(First + FirstDelta, _plan.Arguments[1]);
        _plan.Leave(10);
        Assert.Equal([new(First, 16, false)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void A_long_buffer_is_given_to_read_as_the_pieces_it_consists_of()
    {
        const ulong Length = 0x30000;
        ulong buffer = First - 0x100;

        Assert.Equal(CallAction.Translate, Enter("pread64", 3, buffer, Length, 77));

        Assert.Equal("preadv", SystemCallTable.Find(CallAbi.X64, _plan.Number)!.Name);
        Assert.Equal(77ul, _plan.Arguments[3]);
        Assert.Equal(4ul, _plan.Arguments[2]);
        Assert.Equal(
            [buffer, 0x100ul, First + FirstDelta, 0x2000ul, Second + SecondDelta, 0x1000ul, SecondEnd, Length - 0x3100],
            Longs(_plan.Arguments[1], 8));
        _plan.Leave(0x180);
        Assert.Equal([new(buffer, 0x180, true)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void A_long_buffer_of_a_vector_is_given_as_pieces_of_it()
    {
        ulong buffer = SecondEnd - 0x10;
        _memory.Put(Plain, Plain + 0x100, 10, buffer, 0x20000, Plain + 0x200, 5);

        Assert.Equal(CallAction.Translate, Enter("readv", 3, Plain, 3));

        Assert.Equal(4ul, _plan.Arguments[2]);
        Assert.Equal(
            [Plain + 0x100, 10ul, buffer + SecondDelta, 0x10ul, SecondEnd, 0x1fff0ul, Plain + 0x200, 5ul],
            Longs(_plan.Arguments[1], 8));
        _plan.Leave(20);
        Assert.Equal([new(buffer, 10, true)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void A_long_datagram_is_received_as_a_message_in_pieces_and_the_length_of_its_name_comes_back()
    {
        _memory.Put(Plain, 28);

        Assert.Equal(CallAction.Translate, Enter("recvfrom", 3, First - 0x10, 0x20000, 0x40, Plain + 0x100, Plain));

        Assert.Equal("recvmsg", SystemCallTable.Find(CallAbi.X64, _plan.Number)!.Name);
        Assert.Equal(0x40ul, _plan.Arguments[2]);
        ulong header = _plan.Arguments[1];
        Assert.Equal(Plain + 0x100, _memory.Long(header));
        Assert.Equal(28ul, _memory.Long(header + 8));
        Assert.Equal(4ul, _memory.Long(header + 24));
        _memory.Put(header + 8, 16);
        Assert.Equal(CallEnd.Done, _plan.Leave(100));
        Assert.Equal(16ul, _memory.Long(Plain));
        Assert.Equal([new(First - 0x10, 100, true)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void A_message_is_copied_with_all_it_leads_to_and_its_lengths_come_back()
    {
        ulong message = First + 0x100;
        ulong vector = First + 0x180;
        _memory.Put(message, First + 0x200, 28, vector, 1, FirstEnd - 8, 64, 0);
        _memory.Put(vector, Second, 100);

        Assert.Equal(CallAction.Translate, Enter("recvmsg", 3, message, 0));

        ulong given = _plan.Arguments[1];
        Assert.Equal(First + 0x200 + FirstDelta, _memory.Long(given));
        ulong control = _memory.Long(given + 32);
        Assert.True(_memory.KernelReaches(control, 64));
        Assert.Equal([Second + SecondDelta, 100ul], Longs(_memory.Long(given + 16), 2));

        // The kernel: a name of 16 bytes, 20 of control data, a flag.
        _memory.Put(given + 8, 16);
        _memory.Put(given + 40, 20, 0x20);
        _memory.Put(control, 0x1122334455667788);
        Assert.Equal(CallEnd.Done, _plan.Leave(50));

        Assert.Equal([First + 0x200, 16ul, vector, 1ul, FirstEnd - 8, 20ul, 0x20ul], Longs(message, 7));
        Assert.Equal(0x1122334455667788ul, _memory.Long(FirstEnd - 8));
        Assert.Equal(
            [
                new(message, 56, false),
                new(message + 8, 4, true),
                new(message + 40, 8, true),
                new(message + 48, 4, true),
                new(First + 0x200, 16, true),
                new(vector, 16, false),
                new(Second, 50, true),
                new(FirstEnd - 8, 20, true),
            ],
            _plan.Accesses.ToArray());
    }

    [Fact]
    public void Of_several_messages_only_those_that_were_sent_count()
    {
        _memory.Put(Plain, 0, 0, Plain + 0x200, 1, 0, 0, 0, 0);
        _memory.Put(Plain + 64, 0, 0, Plain + 0x210, 1, 0, 0, 0, 0);
        _memory.Put(Plain + 0x200, First, 100, First + 0x400, 100);

        Assert.Equal(CallAction.Translate, Enter("sendmmsg", 3, Plain, 2, 0));

        ulong given = _plan.Arguments[1];
        Assert.Equal(First + FirstDelta, _memory.Long(_memory.Long(given + 16)));
        _memory.Put(given + 56, 60);
        _plan.Leave(1);

        Assert.Equal(60ul, _memory.Long(Plain + 56));
        Assert.Equal(0ul, _memory.Long(Plain + 64 + 56));
        Assert.Equal([new(First, 60, false)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void The_strings_of_a_program_to_execute_are_found()
    {
        _memory.PutText(Plain, "/bin/true");
        _memory.PutText(First + 4, "true");
        _memory.PutText(FirstEnd - 2, "across");
        _memory.Put(Plain + 0x100, First + 4, FirstEnd - 2, Plain, 0);

        Assert.Equal(CallAction.Translate, Enter("execve", Plain, Plain + 0x100, 0));

        ulong given = _plan.Arguments[1];
        Assert.Equal(First + 4 + FirstDelta, _memory.Long(given));
        Assert.Equal("across\0"u8.ToArray(), _memory.Bytes(_memory.Long(given + 8), 7));
        Assert.Equal([Plain, 0ul], Longs(given + 16, 2));
    }

    [Fact]
    public void Only_the_returned_events_of_a_poll_are_written()
    {
        ulong set = FirstEnd - 8;
        _memory.Put(set, 0x0000_0001_0000_0003, 0x0000_0004_0000_0005);

        Assert.Equal(CallAction.Translate, Enter("poll", set, 2, ulong.MaxValue));

        ulong given = _plan.Arguments[0];
        Assert.Equal([0x0000_0001_0000_0003ul, 0x0000_0004_0000_0005ul], Longs(given, 2));
        _memory.Put(given, 0x0001_0001_0000_0003, 0x0000_0004_0000_0005);
        _plan.Leave(1);

        Assert.Equal(0x0001_0001_0000_0003ul, _memory.Long(set));
        Assert.Equal([new(set, 16, false), new(set + 6, 2, true), new(set + 14, 2, true)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void The_signal_set_of_a_select_is_found_through_its_pair()
    {
        _memory.Put(Plain, First + 8, 8);

        Assert.Equal(CallAction.Translate, Enter("pselect6", 0, 0, 0, 0, 0, Plain));

        Assert.Equal([First + 8 + FirstDelta, 8ul], Longs(_plan.Arguments[5], 2));
        _plan.Leave(0);
        Assert.Equal([new(First + 8, 8, false)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void A_name_is_as_long_as_the_length_word_says_afterwards()
    {
        _memory.Put(First, 128);

        Assert.Equal(CallAction.Translate, Enter("accept", 3, First + 0x100, First));

        Assert.Equal(First + 0x100 + FirstDelta, _plan.Arguments[1]);
        _memory.Put(First, 16);
        _plan.Leave(4);
        Assert.Equal([new(First + 0x100, 16, true), new(First, 4, false), new(First, 4, true)], _plan.Accesses.ToArray());
    }

    [Fact]
    public void Another_process_is_addressed_as_it_is_and_this_one_at_the_homes()
    {
        _memory.Put(Plain, Plain + 0x100, 16);
        _memory.Put(Plain + 0x40, First, 16);

        Assert.Equal(CallAction.None, Enter("process_vm_readv", 78, Plain, 1, Plain + 0x40, 1));
        Assert.Equal(CallAction.Translate, Enter("process_vm_readv", 77, Plain, 1, Plain + 0x40, 1));
        Assert.Equal([First + FirstDelta, 16ul], Longs(_plan.Arguments[3], 2));
    }

    [Fact]
    public void A_new_thread_may_not_have_its_word_cleared_on_a_trapped_page()
    {
        const ulong ThreadFlags = 0x100 | 0x200000 | 0x100000;
        _memory.Put(Plain, ThreadFlags, 0, First + 8, First + 16, 0, 0, 0, 0);

        Assert.Equal(CallAction.Release, Enter("clone3", Plain, 64));
        Assert.Equal(CallAction.Release, Enter("clone", ThreadFlags, Plain, Plain, First + 8));
        Assert.Equal(CallAction.Translate, Enter("clone", ThreadFlags, Plain, First + 8, Plain));
        Assert.Equal(CallAction.None, Enter("clone", 0x1200011, 0, First + 8, 0));
    }

    [Fact]
    public void The_frame_of_a_signal_is_read_with_its_floating_point_state()
    {
        ulong stack = Plain + 0x1000;
        _memory.Put(stack - 8 + 232, First);

        Assert.Equal(CallAction.Open, _plan.Enter(Request(15, stack), s_armed));
        Assert.Equal(CallEnd.Done, _plan.Leave(-516));
        Assert.Equal([new(First, 512, false)], _plan.Accesses.ToArray());
        Assert.Equal(CallAction.None, _plan.Enter(Request(15, Plain + 0x4000), s_armed));
    }

    [Fact]
    public void A_submitted_block_stays_where_it_is()
    {
        _memory.Put(Plain, Plain + 0x40);
        _memory.Put(Plain + 0x40, 0, 0, 0x3_0000_0000, First + 4, 100);

        Assert.Equal(CallAction.Open, Enter("io_submit", 5, 1, Plain));
        _plan.Leave(1);
        Assert.Equal([new(First + 4, 100, true)], _plan.Accesses.ToArray());
    }

    private ulong[] Longs(ulong address, int count) =>
        [.. Enumerable.Range(0, count).Select(i => _memory.Long(address + ((ulong)i * 8)))];

    private static CallRequest Request(int number, ulong stack) => new() { Number = number, StackPointer = stack, Process = 77 };

    private CallAction Enter(string name, ulong a0 = 0, ulong a1 = 0, ulong a2 = 0, ulong a3 = 0, ulong a4 = 0, ulong a5 = 0)
    {
        int number = 0;
        while (SystemCallTable.Find(CallAbi.X64, number)?.Name != name)
        {
            number++;
        }

        CallRequest request = new() { Number = number, Process = 77, Arguments = new CallArguments(a0, a1, a2, a3, a4, a5) };
        return _plan.Enter(request, s_armed);
    }
}
