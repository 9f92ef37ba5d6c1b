using System;
using System.Runtime.CompilerServices;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;

namespace Haltpoint.Linux.Watchpoints;

/// <summary>One watchpoint of a process: what was asked for, and what came of it.</summary>
internal sealed class Watchpoint(int number, BreakpointKind kind, ulong address, int length, WatchpointOrders orders)
{
    /// <summary>Of a longer one nothing is kept: registers hold no more, and a trapped access comes with what was there before it.</summary>
    public const int LongestKept = 32;

    private Bytes _kept;

    /// <summary>What a person calls it; gdb's number when its script said so.</summary>
    public int Number { get; private set; } = number;

    /// <summary><see cref="BreakpointKind.WriteWatch"/> or <see cref="BreakpointKind.AccessWatch"/>.</summary>
    public BreakpointKind Kind => kind;

    public ulong Address => address;

    public int Length => length;

    public WatchpointOrders Orders { get; private set; } = orders;

    /// <summary>What traps its pages; null while debug registers hold it, or nothing.</summary>
    public PageProbe? Probe { get; set; }

    public bool IsTrapped => Probe is { IsActive: true };

    /// <summary>Faults on its pages, for its own bytes or others, halved from time to time.</summary>
    public long Heat { get; set; }

    /// <summary>Why nothing holds it any more, though the client has not removed it.</summary>
    public string? Withdrawn { get; set; }

    /// <summary>False between a client's removal and its next resume: gdb takes everything out at each stop and puts it back.</summary>
    public bool IsInserted { get; set; }

    /// <summary>Hits, of a write watchpoint only those that changed the value where the client wants no others.</summary>
    public long Hits { get; set; }

    /// <summary>Hits that the client was to hear of.</summary>
    public long Told { get; set; }

    /// <summary>The bytes as the client last saw them, as far as they are kept.</summary>
    public Span<byte> Kept => length <= LongestKept ? ((Span<byte>)_kept)[..length] : [];

    public bool Is(BreakpointKind otherKind, ulong otherAddress, int otherLength) => kind == otherKind && address == otherAddress && length == otherLength;

    public bool Contains(ulong at) => at - address < (ulong)length;

    public void Renumber(int newNumber, WatchpointOrders newOrders)
    {
        Number = newNumber;
        Orders = newOrders;
    }

    /// <summary>For a forked process, which has a copy of everything but trapped pages.</summary>
    public Watchpoint Copy() => new(Number, kind, address, length, Orders) { IsInserted = IsInserted && !IsTrapped, _kept = _kept };

    [InlineArray(LongestKept)]
    private struct Bytes
    {
        private byte _first;
    }
}
