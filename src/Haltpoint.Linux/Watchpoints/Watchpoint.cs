using System;
using System.Runtime.CompilerServices;
using Haltpoint.Breakpoints;

namespace Haltpoint.Linux.Watchpoints;

/// <summary>One watchpoint of a process: what was asked for, and what came of it.</summary>
internal sealed class Watchpoint(int number, BreakpointKind kind, ulong address, int length, WatchpointOrders orders)
{
    /// <summary>Of more bytes than this, held by registers, no copy is needed: registers hold no more.</summary>
    public const int LongestKept = 32;

    private Bytes _kept;

    /// <summary>What a person calls it; gdb's number when its script said so.</summary>
    public int Number => number;

    /// <summary><see cref="BreakpointKind.WriteWatch"/> or <see cref="BreakpointKind.AccessWatch"/>.</summary>
    public BreakpointKind Kind => kind;

    public ulong Address => address;

    public int Length => length;

    public WatchpointOrders Orders => orders;

    /// <summary>False between a client's removal and its next resume: gdb takes everything out at each stop and puts it back.</summary>
    public bool IsInserted { get; set; }

    /// <summary>Hits, of a write watchpoint only those that changed the value where the client wants no others.</summary>
    public long Hits { get; set; }

    /// <summary>Hits that the client was to hear of.</summary>
    public long Told { get; set; }

    /// <summary>The bytes as the client last saw them, as far as they are kept.</summary>
    public Span<byte> Kept => ((Span<byte>)_kept)[..Math.Min(length, LongestKept)];

    public bool Is(BreakpointKind otherKind, ulong otherAddress, int otherLength) => kind == otherKind && address == otherAddress && length == otherLength;

    public bool Contains(ulong at) => at - address < (ulong)length;

    /// <summary>For a forked process, which has a copy of everything.</summary>
    public Watchpoint Copy() => Renumber(number, orders);

    public Watchpoint Renumber(int newNumber, WatchpointOrders newOrders) =>
        new(newNumber, kind, address, length, newOrders) { IsInserted = IsInserted, Hits = Hits, Told = Told, _kept = _kept };

    [InlineArray(LongestKept)]
    private struct Bytes
    {
        private byte _first;
    }
}
