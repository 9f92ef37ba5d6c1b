using Haltpoint.PageTraps;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.MmioTrace;

/// <summary>Brings the page tables to what the table of probes says. With the tracer's lock held.</summary>
internal static unsafe class ArmedPages
{
    public static bool IsMapped(ulong start, ulong end)
    {
        for (ulong page = start & ~(PageTables.PageSize - 1); page < end; page += PageTables.PageSize)
        {
            if (!DeviceArea.Contains(page) || !PageTables.TryTranslate(page, out _, out _))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Closes what a probe needs. The caller makes every CPU forget the old entries afterwards.</summary>
    /// <returns>False when the table has no room.</returns>
    public static bool TryArm(ref PageTrapTable table)
    {
        for (ulong from = 0; table.TryFindMissing(from, out ulong start, out ulong end); from = end)
        {
            if (table.Arm(start, end, DeviceArea.Alias(start)) != PageTrapStatus.Ok)
            {
                return false;
            }

            Close(start, end);
        }

        return true;
    }

    /// <summary>Opens what no probe needs any more. Nobody has to forget anything: what is not present is not cached.</summary>
    public static void Disarm(ref PageTrapTable table)
    {
        ulong from = 0;
        while (table.TryFindUnneeded(from, out TrappedRun piece))
        {
            from = piece.End;

            // Without room for the two rests the pages stay closed; their accesses are made as before, and noted for nobody.
            if (table.Disarm(piece.Start, piece.End) == PageTrapStatus.Ok)
            {
                Open(ref table, piece.Start, piece.End);
            }
        }

        table.ForgetDeparted(table.Stamp);
    }

    private static void Close(ulong start, ulong end)
    {
        for (ulong address = start; address < end;)
        {
            ulong* entry = PageTables.Find(address, out ulong size);
            *entry = (*entry & ~(ulong)PageFlags.Present) | (ulong)PageFlags.Trapped;
            address = (address & ~(size - 1)) + size;
        }
    }

    // An entry of 2 MiB opens when none of its pages is armed.
    private static void Open(ref PageTrapTable table, ulong start, ulong end)
    {
        for (ulong address = start; address < end;)
        {
            ulong* entry = PageTables.Find(address, out ulong size);
            ulong first = address & ~(size - 1);
            if (!table.TryFindRun(first, size, out _))
            {
                *entry = (*entry & ~(ulong)PageFlags.Trapped) | (ulong)PageFlags.Present;
            }

            address = first + size;
        }
    }
}
