using System;
using System.Collections.Generic;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;

namespace Haltpoint.Linux.Tests.PageTraps;

/// <summary>Keeps every access that it hears of.</summary>
internal sealed class RecordingSink(AccessVerdict verdict = AccessVerdict.RunOn) : IAccessSink
{
    public List<Entry> Entries { get; } = [];

    public List<string> Withdrawals { get; } = [];

    public AccessVerdict OnAccess(PageProbe probe, in TrappedAccess access)
    {
        Entries.Add(new Entry(
            access.Address, access.Length, access.Kind, access.Thread.Thread, access.SystemCall, access.IsExact, Word(access.Before), Word(access.After), probe.Start, probe.End));
        return verdict;
    }

    public void OnWithdrawn(PageProbe probe, string reason) => Withdrawals.Add(reason);

    private static ulong Word(ReadOnlySpan<byte> bytes)
    {
        ulong word = 0;
        for (int i = Math.Min(bytes.Length, 8) - 1; i >= 0; i--)
        {
            word = (word << 8) | bytes[i];
        }

        return word;
    }

    internal readonly record struct Entry(
        ulong Address, int Length, AccessKind Kind, int Thread, int SystemCall, bool IsExact, ulong Before, ulong After, ulong ProbeStart, ulong ProbeEnd);
}
