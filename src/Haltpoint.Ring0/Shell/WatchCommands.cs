using System;
using System.Runtime.CompilerServices;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Symbols;

namespace Haltpoint.Ring0.Shell;

/// <summary>Watches of the kernel's own on every CPU, from the console: they count, beside whatever a debugger sets.</summary>
internal static unsafe class WatchCommands
{
    private const int Capacity = 16;
    private const int WordLength = 8;

    private static Ids s_ids;
    private static Words s_words;

    /// <param name="address">Hexadecimal; empty for the list.</param>
    public static void Watch(ReadOnlySpan<byte> address)
    {
        if (address.IsEmpty)
        {
            List();
            return;
        }

        int number = 0;
        while (number < Capacity && !s_ids[number].IsNone)
        {
            number++;
        }

        if (number == Capacity || !TryParse(address, out ulong first))
        {
            Commands.Print($"watch ADDRESS: hexadecimal, and {Capacity} at most\r\n");
            return;
        }

        SlotRequest request = new()
        {
            Address = first,
            Length = WordLength,
            Access = AccessKind.Write,
            Flags = SlotFlags.Privileged,
            Cpu = SlotRequest.EveryCpu,
            Task = SlotRequest.NoTask,
        };
        SlotStatus status = BreakpointTable.Register(request, 0, null, 0, out SlotId id);
        s_ids[number] = id;
        if (status == SlotStatus.Ok)
        {
            Commands.Print($"watched: {number}\r\n");
        }
        else
        {
            Commands.Print($"{Describe(status)}\r\n");
        }
    }

    /// <param name="word">The number that it was given.</param>
    public static void Unwatch(ReadOnlySpan<byte> word)
    {
        if (!TryParse(word, out ulong number) || number >= Capacity || s_ids[(int)number].IsNone)
        {
            Commands.Print($"unwatch N: watch says which there are\r\n");
            return;
        }

        BreakpointTable.Unregister(s_ids[(int)number]);
        s_ids[(int)number] = SlotId.None;
        Commands.Print($"given back\r\n");
    }

    /// <summary>Adds one to eight bytes.</summary>
    public static void Touch(ReadOnlySpan<byte> address)
    {
        if (!TryParse(address, out ulong at) || at % WordLength != 0 || !PageTables.TryTranslate(at, out _, out PageFlags flags) || (flags & PageFlags.Writable) == 0)
        {
            Commands.Print($"touch ADDRESS: nothing can be written there\r\n");
            return;
        }

        Add((long*)at);
        Commands.Print($"written\r\n");
    }

    // One access that writes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(long* word) => *word += 1;

    private static void List()
    {
        fixed (ulong* words = (Span<ulong>)s_words)
        {
            Commands.Print($"words to try it on: {(ulong)words:x} and the {Capacity - 1} behind it\r\n");
        }

        for (int number = 0; number < Capacity; number++)
        {
            if (BreakpointTable.TryFind(s_ids[number], out Breakpoint* breakpoint))
            {
                ReadOnlySpan<byte> function = SymbolTable.NameOf(breakpoint->LastInstruction, out _);
                Commands.Print($"{number,2} {breakpoint->Request.Address:x16} {breakpoint->Hits} hits, the last in {(function.IsEmpty ? "none"u8 : function)}\r\n");
            }
        }
    }

    private static ReadOnlySpan<byte> Describe(SlotStatus status) => status switch
    {
        SlotStatus.Exhausted => "all debug registers are taken"u8,
        SlotStatus.Forbidden => "the kernel's own debugging needs what is there"u8,
        SlotStatus.BadAddress => "the address must be a multiple of 8"u8,
        _ => "refused"u8,
    };

    private static bool TryParse(ReadOnlySpan<byte> word, out ulong value)
    {
        value = 0;
        foreach (byte digit in word)
        {
            int number = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                _ => -1,
            };
            if (number < 0 || value >> 60 != 0)
            {
                return false;
            }

            value = (value << 4) | (uint)number;
        }

        return !word.IsEmpty;
    }

    [InlineArray(Capacity)]
    private struct Ids
    {
        private SlotId _first;
    }

    [InlineArray(Capacity)]
    private struct Words
    {
        private ulong _first;
    }
}
