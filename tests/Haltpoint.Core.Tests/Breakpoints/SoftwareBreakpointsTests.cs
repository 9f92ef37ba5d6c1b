using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Haltpoint.Breakpoints;
using Xunit;

namespace Haltpoint.Core.Tests.Breakpoints;

public class SoftwareBreakpointsTests
{
    private const ulong Start = FakeTrapMemory.Start;

    private static readonly TrapInstruction s_x86 = TrapInstruction.X86;
    private static readonly TrapInstruction s_arm = new(0xD420_0000, 4); // brk #0, the arm64 manual's encoding

    private FakeTrapMemory _memory = new([.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
    private SoftwareBreakpoints _table = Table(8);

    [Fact]
    public void A_trap_is_in_memory_and_the_debugger_sees_what_it_covers()
    {
        Assert.Equal(TrapStatus.Ok, _table.Insert(ref _memory, Start + 5, s_x86));

        Assert.Equal(0xCC, _memory.Bytes[5]);
        Assert.Equal([3, 4, 5, 6, 7], Seen(3, 5));
        Assert.Equal(TrapState.Planted, _table.StateAt(Start + 5));

        Assert.Equal(TrapStatus.Ok, _table.Remove(ref _memory, Start + 5));
        Assert.Equal(5, _memory.Bytes[5]);
        Assert.Equal(TrapState.Removed, _table.StateAt(Start + 5));
        _table.ForgetRemoved();
        Assert.Equal(TrapState.None, _table.StateAt(Start + 5));
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void A_trap_inserted_lifted_is_never_in_memory_before_it_is_planted()
    {
        TrapRecorder memory = new(_memory);

        Assert.Equal(TrapStatus.Ok, _table.InsertLifted(ref memory, Start + 5, s_x86));
        Assert.False(memory.HeldTrap);
        Assert.Equal(TrapState.Lifted, _table.StateAt(Start + 5));

        Assert.Equal(TrapStatus.Ok, _table.Remove(ref memory, Start + 5));
        Assert.Equal(TrapStatus.Ok, _table.InsertLifted(ref memory, Start + 5, s_x86));
        Assert.False(memory.HeldTrap);

        Assert.Equal(TrapStatus.Ok, _table.Plant(ref memory, Start + 5));
        Assert.True(memory.HeldTrap);
        Assert.Equal([3, 4, 5, 6, 7], Seen(3, 5));
        Assert.Equal(TrapStatus.BadAddress, _table.InsertLifted(ref memory, Start - 1, s_x86));
        _memory.ReadOnlyAt = Start + 9;
        Assert.Equal(TrapStatus.BadAddress, _table.InsertLifted(ref _memory, Start + 9, s_x86));
    }

    [Fact]
    public void Inserts_are_counted()
    {
        _table.Insert(ref _memory, Start, s_x86);
        _table.Insert(ref _memory, Start, s_x86);

        Assert.Equal(TrapStatus.Ok, _table.Remove(ref _memory, Start));
        Assert.Equal(0xCC, _memory.Bytes[0]);
        Assert.Equal(TrapStatus.Ok, _table.Remove(ref _memory, Start));
        Assert.Equal(0, _memory.Bytes[0]);
        Assert.Equal(TrapStatus.NotFound, _table.Remove(ref _memory, Start));
    }

    [Fact]
    public void What_the_debugger_writes_over_a_trap_shows_when_the_trap_goes()
    {
        _table.Insert(ref _memory, Start + 4, s_x86);
        _table.Insert(ref _memory, Start + 8, s_arm);

        Assert.Equal(TrapStatus.Ok, _table.Write(ref _memory, Start + 3, [0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9]));

        Assert.Equal([2, 0xA3, 0xCC, 0xA5, 0xA6, 0xA7, 0x00, 0x00, 0x20, 0xD4, 12], _memory.Bytes[2..13]);
        Assert.Equal([0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 10, 11], Seen(3, 9));
        _table.RemoveAll(ref _memory);
        Assert.Equal([2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 10, 11, 12], _memory.Bytes[2..13]);
    }

    [Fact]
    public void A_read_that_begins_or_ends_inside_a_long_trap_sees_the_right_part()
    {
        _table.Insert(ref _memory, Start + 8, s_arm);

        Assert.Equal([7, 8, 9], Seen(7, 3));
        Assert.Equal([10], Seen(10, 1));
        Assert.Equal([11, 12], Seen(11, 2));
    }

    [Fact]
    public void Traps_do_not_overlap()
    {
        _table.Insert(ref _memory, Start + 8, s_arm);

        Assert.Equal(TrapStatus.Overlaps, _table.Insert(ref _memory, Start + 6, s_arm));
        Assert.Equal(TrapStatus.Overlaps, _table.Insert(ref _memory, Start + 10, s_x86));
        Assert.Equal(TrapStatus.Overlaps, _table.Insert(ref _memory, Start + 8, s_x86));
        Assert.Equal(TrapStatus.Ok, _table.Insert(ref _memory, Start + 12, s_arm));
        Assert.Equal(TrapStatus.Ok, _table.Insert(ref _memory, Start + 4, s_arm));

        _table.Remove(ref _memory, Start + 8);
        Assert.Equal(TrapStatus.Ok, _table.Insert(ref _memory, Start + 9, s_x86)); // a removed one gives way
        Assert.Equal([8, 0xCC, 10, 11], _memory.Bytes[8..12]);
    }

    [Fact] // D-36
    public void Memory_that_cannot_hold_a_trap_is_refused_and_leaves_no_entry()
    {
        _memory.ReadOnlyAt = Start + 20;

        Assert.Equal(TrapStatus.BadAddress, _table.Insert(ref _memory, Start + 20, s_x86));
        Assert.Equal(TrapStatus.BadAddress, _table.Insert(ref _memory, Start - 1, s_x86));
        Assert.Equal(0, _table.Count);
    }

    [Fact] // better than D-38: the entry is not forgotten while the trap is in memory
    public void A_trap_that_cannot_be_taken_out_stays_known_and_can_be_taken_out_later()
    {
        _table.Insert(ref _memory, Start + 20, s_x86);
        _memory.ReadOnlyAt = Start + 20;

        Assert.Equal(TrapStatus.BadAddress, _table.Remove(ref _memory, Start + 20));
        Assert.Equal(TrapState.Planted, _table.StateAt(Start + 20));
        Assert.Equal([20], Seen(20, 1));
        Assert.Equal(1, _table.RemoveAll(ref _memory));

        _memory.ReadOnlyAt = ulong.MaxValue;
        Assert.Equal(0, _table.RemoveAll(ref _memory));
        Assert.Equal(20, _memory.Bytes[20]);
    }

    [Fact]
    public void Code_that_the_program_wrote_over_a_trap_is_the_programs()
    {
        _table.Insert(ref _memory, Start + 20, s_x86);
        _memory.Bytes[20] = 0x90;

        Assert.Equal([0x90], Seen(20, 1));
        Assert.Equal(TrapStatus.Ok, _table.Write(ref _memory, Start + 20, [0x91]));
        Assert.Equal(0x91, _memory.Bytes[20]);
        Assert.Equal(TrapStatus.Ok, _table.Remove(ref _memory, Start + 20));
        Assert.Equal(0x91, _memory.Bytes[20]);
    }

    [Fact]
    public void A_trap_in_memory_that_was_unmapped_is_gone_with_it_and_its_removal_says_so()
    {
        _table.Insert(ref _memory, Start + 20, s_x86);
        _table.Insert(ref _memory, Start + 30, s_x86);
        _memory.IsUnmapped = true;

        Assert.Equal(TrapStatus.BadAddress, _table.Remove(ref _memory, Start + 20));
        Assert.Equal(TrapState.Removed, _table.StateAt(Start + 20));
        Assert.Equal(TrapStatus.NotFound, _table.Remove(ref _memory, Start + 20));
        Assert.Equal(0, _table.RemoveAll(ref _memory));
    }

    [Fact]
    public void A_lifted_trap_lets_a_thread_pass_and_covers_what_is_there_when_it_comes_back()
    {
        _table.Insert(ref _memory, Start + 20, s_x86);

        Assert.Equal(TrapStatus.Ok, _table.Lift(ref _memory, Start + 20));
        Assert.Equal(20, _memory.Bytes[20]);
        Assert.Equal(TrapStatus.NotFound, _table.Lift(ref _memory, Start + 20));
        _memory.Bytes[20] = 0x90; // the stepped instruction may write it
        Assert.Equal(TrapStatus.Ok, _table.Plant(ref _memory, Start + 20));
        Assert.Equal(TrapStatus.NotFound, _table.Plant(ref _memory, Start + 20));

        Assert.Equal(0xCC, _memory.Bytes[20]);
        Assert.Equal([0x90], Seen(20, 1));
    }

    [Fact]
    public void A_lifted_trap_is_written_like_any_memory_and_removed_without_a_write()
    {
        _table.Insert(ref _memory, Start + 20, s_x86);
        _table.Lift(ref _memory, Start + 20);
        _table.Write(ref _memory, Start + 20, [0x55]);
        int writes = _memory.Writes;

        Assert.Equal(TrapStatus.Ok, _table.Remove(ref _memory, Start + 20));
        Assert.Equal(0x55, _memory.Bytes[20]);
        Assert.Equal(writes, _memory.Writes);
    }

    [Fact]
    public void A_forked_copy_is_cleaned_and_the_original_keeps_its_traps()
    {
        _table.Insert(ref _memory, Start + 20, s_x86);
        _table.Insert(ref _memory, Start + 30, s_x86);
        FakeTrapMemory child = new([.. _memory.Bytes]);

        Assert.Equal(0, _table.EraseFrom(ref child));

        Assert.Equal((20, 30), (child.Bytes[20], child.Bytes[30]));
        Assert.Equal((0xCC, 0xCC), (_memory.Bytes[20], _memory.Bytes[30]));
        Assert.Equal(TrapState.Planted, _table.StateAt(Start + 20));
    }

    [Fact] // D-35: a full table says so; better than D-37: removed entries make room
    public void A_full_table_refuses_until_one_is_removed()
    {
        for (ulong i = 0; i < 8; i++)
        {
            Assert.Equal(TrapStatus.Ok, _table.Insert(ref _memory, Start + (2 * i), s_x86));
        }

        Assert.Equal(TrapStatus.Full, _table.Insert(ref _memory, Start + 100, s_x86));
        Assert.Equal(100, _memory.Bytes[100]);
        _table.Remove(ref _memory, Start + 6);
        Assert.Equal(TrapStatus.Ok, _table.Insert(ref _memory, Start + 100, s_x86));
    }

    [Fact] // D-40
    public void Traps_in_memory_that_is_gone_are_forgotten_without_a_write()
    {
        _table.Insert(ref _memory, Start + 10, s_x86);
        _table.Insert(ref _memory, Start + 20, s_x86);
        _table.Insert(ref _memory, Start + 30, s_x86);
        int writes = _memory.Writes;

        _table.Forget(Start + 15, 15);

        Assert.Equal(TrapState.None, _table.StateAt(Start + 20));
        Assert.Equal(TrapState.Planted, _table.StateAt(Start + 30));
        Assert.Equal(2, _table.Count);
        _table.Clear();
        Assert.Equal((0, writes), (_table.Count, _memory.Writes));
    }

    [Fact]
    public void A_write_that_memory_cuts_short_is_reported()
    {
        _table.Insert(ref _memory, Start + 253, s_x86);

        Assert.Equal(TrapStatus.BadAddress, _table.Write(ref _memory, Start + 252, new byte[8]));
    }

    // Any order of requests over a program: the debugger sees only what it wrote, and at the end memory is what it saw.
    [Fact]
    public void Random_requests_never_show_and_leave_nothing()
    {
        Random random = new(20260102);
        for (int round = 0; round < 300; round++)
        {
            TrapInstruction trap = round % 2 == 0 ? s_x86 : s_arm;
            byte[] expected = new byte[64];
            random.NextBytes(expected);
            FakeTrapMemory memory = new([.. expected]);
            SoftwareBreakpoints table = Table(12);
            Dictionary<ulong, int> counts = [];
            for (int step = 0; step < 200; step++)
            {
                ulong address = Start + (ulong)random.Next(61);
                switch (random.Next(6))
                {
                    case 0 or 1:
                        if (table.Insert(ref memory, address, trap) == TrapStatus.Ok)
                        {
                            counts[address] = counts.GetValueOrDefault(address) + 1;
                        }

                        break;
                    case 2:
                        Assert.Equal(counts.GetValueOrDefault(address) > 0 ? TrapStatus.Ok : TrapStatus.NotFound, table.Remove(ref memory, address));
                        counts[address] = Math.Max(0, counts.GetValueOrDefault(address) - 1);
                        break;
                    case 3:
                        table.Lift(ref memory, address);
                        break;
                    case 4:
                        table.Plant(ref memory, address);
                        break;
                    default:
                        byte[] data = new byte[random.Next(1, 4 + (int)(Start + 60 - address))];
                        random.NextBytes(data);
                        Assert.Equal(TrapStatus.Ok, table.Write(ref memory, address, data));
                        data.CopyTo(expected, (int)(address - Start));
                        break;
                }

                byte[] seen = [.. memory.Bytes];
                table.Uncover(Start, seen);
                Assert.Equal(expected, seen);
            }

            Assert.Equal(0, table.RemoveAll(ref memory));
            Assert.Equal(expected, memory.Bytes);
        }
    }

    private static unsafe SoftwareBreakpoints Table(int capacity)
    {
        SoftwareBreakpoint[] entries = GC.AllocateArray<SoftwareBreakpoint>(capacity, pinned: true);
        s_tables.Add(entries);
        return new SoftwareBreakpoints((SoftwareBreakpoint*)Unsafe.AsPointer(ref entries[0]), capacity);
    }

    // A table knows its memory by address only: something else has to keep it from being collected.
    private static readonly List<SoftwareBreakpoint[]> s_tables = [];

    private byte[] Seen(int offset, int length)
    {
        byte[] bytes = new byte[length];
        Assert.True(_memory.TryRead(Start + (ulong)offset, bytes));
        _table.Uncover(Start + (ulong)offset, bytes);
        return bytes;
    }

    private struct TrapRecorder(FakeTrapMemory memory) : ITrapMemory
    {
        private FakeTrapMemory _memory = memory;

        public bool HeldTrap { get; private set; }

        public readonly bool TryRead(ulong address, Span<byte> into) => _memory.TryRead(address, into);

        public bool TryWrite(ulong address, ReadOnlySpan<byte> from)
        {
            HeldTrap |= from.Contains((byte)0xCC);
            return _memory.TryWrite(address, from);
        }
    }
}
