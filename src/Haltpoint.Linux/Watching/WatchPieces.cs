using System.Collections.Generic;
using Haltpoint.Breakpoints;

namespace Haltpoint.Linux.Watching;

/// <summary>Takes the watched bytes apart into what debug registers hold.</summary>
internal static class WatchPieces
{
    /// <summary>What x86 has; more pieces are refused before the kernel is asked.</summary>
    public const int MostSlots = 4;

    private const int LargestPiece = 8;

    /// <exception cref="WatchException">They need more than there can be, or no register has a form for them.</exception>
    public static WatchPiece[] Split(WatchLocation location, AccessKind access, int free, string holders)
    {
        if (access is not (AccessKind.Write or AccessKind.ReadWrite or AccessKind.Execute))
        {
            throw new WatchException(
                access == AccessKind.Read
                    ? "x86 has no watchpoint for reads alone: use --access rw and look at what each hit did"
                    : "watch writes, reads and writes, or executions: --access w, rw or x");
        }

        if (location.Length == 0 || !WatchRange.IsValid(location.Address, location.Length))
        {
            throw new WatchException($"{location.Length} bytes at 0x{location.Address:x} are no range of addresses");
        }

        if (access == AccessKind.Execute)
        {
            // One register, set to the first byte of the instruction; the length is the machine word's by convention (A-23).
            return [new WatchPiece(location.Address, LargestPiece)];
        }

        WatchRange range = new(location.Address, location.Length, LargestPiece);
        List<WatchPiece> pieces = [];
        ulong fitting = 0;
        while (range.TryTake(out WatchPiece piece))
        {
            if (pieces.Count == int.Min(free, MostSlots))
            {
                throw new WatchException(Explain(location, pieces.Count, fitting, holders));
            }

            pieces.Add(piece);
            fitting += (ulong)piece.Length;
        }

        return [.. pieces];
    }

    private static string Explain(WatchLocation location, int free, ulong fitting, string holders)
    {
        string held = holders.Length > 0 ? $"; perhaps held by {holders}" : "";
        return free == 0
            ? $"no debug register is free: 'haltpoint slots' shows where{held}"
            : $"{location.Name} has {location.Length} bytes and {free} debug register{(free == 1 ? " is" : "s are")} free: {fitting} bytes fit, "
                + $"so add --length {fitting}, or watch a part by {location.Name}+OFFSET{(free < MostSlots ? held : "")}";
    }
}
