using System;
using System.Collections.Generic;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Xunit;

namespace Haltpoint.Core.Tests.Arch.X86;

public class DebugRegisterBanksTests
{
    private const int Threads = 3;

    /// <summary>Holds what a thread would hold, keeps the order of its writes, and refuses the ones it was told to refuse.</summary>
    private struct FakeBank(List<(int Register, ulong Value)> writes, Predicate<int> refuses) : IDebugRegisterBank
    {
        private DebugRegisterImage _held;
        private int _attempts;

        public readonly DebugRegisterImage Held => _held;

        public readonly int Attempts => _attempts;

        public bool TryWrite(int register, ulong value)
        {
            if (refuses(_attempts++))
            {
                return false;
            }

            writes.Add((register, value));
            if (register == IDebugRegisterBank.Control)
            {
                _held.Control = new DebugControl(value);
            }
            else
            {
                _held.SetAddress(register, value);
            }

            // What Linux holds against a debugger (C-5) and a processor against nobody: an armed slot off its alignment.
            for (int slot = 0; slot < DebugControl.SlotCount; slot++)
            {
                ulong length = (ulong)_held.Control.LengthOf(slot);
                Assert.True(!_held.Control.IsArmed(slot) || _held.GetAddress(slot) % length == 0, "armed on a wrong address");
            }

            return true;
        }
    }

    [Fact]
    public void Every_bank_gets_the_image_and_a_second_time_nothing_is_written()
    {
        List<(int, ulong)> writes = [];
        FakeBank[] banks = Banks(writes, _ => false);
        DebugRegisterImage image = Image((BreakpointKind.WriteWatch, 0x1004, 8));

        Assert.Equal(BankStatus.Programmed, DebugRegisterBanks.TryProgram(banks.AsSpan(), default, image, out int refusing));
        Assert.Equal(-1, refusing);
        Assert.All(banks, bank => Assert.True(bank.Held.Is(image)));
        Assert.Equal(3 * Threads, writes.Count); // two addresses and the control each

        Assert.Equal(BankStatus.Programmed, DebugRegisterBanks.TryProgram(banks.AsSpan(), image, image, out _));
        Assert.Equal(3 * Threads, writes.Count);
    }

    [Fact]
    public void The_address_is_there_before_the_slot_is_armed()
    {
        List<(int, ulong)> writes = [];
        FakeBank bank = new(writes, _ => false);

        Assert.True(DebugRegisterBanks.TryProgram(ref bank, Image((BreakpointKind.WriteWatch, 0x1000, 8))));

        Assert.Equal([(0, 0x1000ul), (IDebugRegisterBank.Control, 0x0009_0202ul)], writes);
    }

    [Fact]
    public void A_slot_whose_address_changes_is_disarmed_meanwhile_and_the_others_stay_armed()
    {
        List<(int, ulong)> writes = [];
        FakeBank bank = new(writes, _ => false);
        DebugRegisterBanks.TryProgram(ref bank, Image((BreakpointKind.WriteWatch, 0x1000, 8), (BreakpointKind.AccessWatch, 0x2000, 4)));
        writes.Clear();

        DebugRegisterBanks.TryProgram(ref bank, Image((BreakpointKind.WriteWatch, 0x3001, 1), (BreakpointKind.AccessWatch, 0x2000, 4)));

        Assert.Equal([(IDebugRegisterBank.Control, 0x00F0_0208ul), (0, 0x3001ul), (IDebugRegisterBank.Control, 0x00F1_020Aul)], writes);
    }

    [Fact]
    public void Length_bits_that_a_former_debugger_left_are_cleared_before_the_address_moves()
    {
        List<(int, ulong)> writes = [];
        FakeBank bank = new(writes, _ => false);
        bank.TryWrite(IDebugRegisterBank.Control, 0x0009_0000);
        writes.Clear();

        DebugRegisterBanks.TryProgram(ref bank, Image((BreakpointKind.WriteWatch, 0x3001, 1)));

        Assert.Equal([(IDebugRegisterBank.Control, 0ul), (0, 0x3001ul), (IDebugRegisterBank.Control, 0x0001_0202ul)], writes);
    }

    // Every thread, every write of that thread, from nothing and from another image: whichever is refused, all hold what they held.
    [Fact]
    public void A_refused_write_leaves_every_bank_as_it_was()
    {
        DebugRegisterImage[] images =
        [
            default,
            Image((BreakpointKind.WriteWatch, 0x1001, 7)),
            Image((BreakpointKind.AccessWatch, 0x2000, 32)),
            Image((BreakpointKind.Hardware, 0x400001, 1), (BreakpointKind.WriteWatch, 0x2008, 8)),
        ];
        int refusals = 0;
        foreach (DebugRegisterImage before in images)
        {
            foreach (DebugRegisterImage after in images)
            {
                for (int thread = 0; thread < Threads; thread++)
                {
                    int writes = WritesOf(before, after);
                    for (int write = 0; write < writes; write++, refusals++)
                    {
                        AssertRefusal(before, after, thread, write);
                    }
                }
            }
        }

        Assert.True(refusals > 100, "the loop above must have had something to refuse");
    }

    [Fact]
    public void A_bank_that_refuses_the_way_back_too_is_reported_as_torn()
    {
        DebugRegisterImage after = Image((BreakpointKind.WriteWatch, 0x1000, 16));
        FakeBank[] banks = Banks([], _ => false);
        banks[1] = new FakeBank([], attempt => attempt is 1 or 2); // the second address, and the undoing of the first

        Assert.Equal(BankStatus.Torn, DebugRegisterBanks.TryProgram(banks.AsSpan(), default, after, out int refusing));

        Assert.Equal(1, refusing);
        Assert.All(banks, bank => Assert.False(bank.Held.Control.IsAnyArmed));
    }

    private static void AssertRefusal(DebugRegisterImage before, DebugRegisterImage after, int thread, int write)
    {
        FakeBank[] banks = Banks([], _ => false);
        Assert.Equal(BankStatus.Programmed, DebugRegisterBanks.TryProgram(banks.AsSpan(), default, before, out _));
        int refused = banks[thread].Attempts + write;
        FakeBank refusing = new([], attempt => attempt == refused);
        DebugRegisterBanks.TryProgram(ref refusing, before);
        banks[thread] = refusing;

        Assert.Equal(BankStatus.Refused, DebugRegisterBanks.TryProgram(banks.AsSpan(), before, after, out int index));

        Assert.Equal(thread, index);
        Assert.All(banks, bank => Assert.True(bank.Held.Is(before)));
    }

    private static int WritesOf(DebugRegisterImage before, DebugRegisterImage after)
    {
        List<(int, ulong)> writes = [];
        FakeBank bank = new(writes, _ => false);
        DebugRegisterBanks.TryProgram(ref bank, before);
        writes.Clear();
        DebugRegisterBanks.TryProgram(ref bank, after);
        return writes.Count;
    }

    private static FakeBank[] Banks(List<(int, ulong)> writes, Predicate<int> refuses)
    {
        FakeBank[] banks = new FakeBank[Threads];
        Array.Fill(banks, new FakeBank(writes, refuses));
        return banks;
    }

    private static DebugRegisterImage Image(params (BreakpointKind Kind, ulong Address, int Length)[] requests)
    {
        HardwareBreakpoints set = default;
        foreach ((BreakpointKind kind, ulong address, int length) in requests)
        {
            Assert.Equal(SlotStatus.Ok, set.Insert(kind, address, length));
        }

        return new DebugRegisterImage(set);
    }
}
