using Haltpoint.Breakpoints;
using Haltpoint.PageTraps;

namespace Haltpoint.Ring0.Gate;

/// <summary>Plays a fixed run of requests, armings and faults on a table of page traps and hashes the answers.</summary>
internal static unsafe class PageTrapProbe
{
    private const int Capacity = 8;
    private const int Departed = 2;
    private const int Steps = 2_000;
    private const ulong PageSize = 4096;
    private const ulong PageCount = 16;

    public static ulong Run()
    {
        Probe* probes = stackalloc Probe[Capacity];
        TrappedRun* runs = stackalloc TrappedRun[Capacity];
        DepartedRun* departed = stackalloc DepartedRun[Departed];
        PageTrapTable table = new(probes, Capacity, runs, Capacity, departed, Departed, PageSize);
        ulong hash = 14695981039346656037;
        ulong random = 1;
        for (int step = 0; step < Steps; step++)
        {
            random = (random * 6364136223846793005) + 1442695040888963407;
            ulong draw = random >> 33;
            ulong address = PageSize + (draw / 8 % (PageCount * PageSize));
            hash = Add(hash, Do(ref table, draw % 8, address, step));
            hash = Add(hash, (ulong)table.Judge(address, table.Stamp / 2));
            int cursor = 0;
            while (table.TryFindHit(ref cursor, address, address + 8, AccessKind.Write, out Probe hit))
            {
                hash = Add(hash, (ulong)hit.Id);
            }
        }

        return Add(hash, table.Version);
    }

    private static ulong Do(ref PageTrapTable table, ulong what, ulong address, int step)
    {
        ulong start;
        ulong end;
        TrappedRun run;
        switch (what)
        {
            case 0:
            case 1:
                return (ulong)table.AddProbe(address, 1 + (address % (2 * PageSize)), AccessKind.ReadWrite, out int id) + ((ulong)id << 8);
            case 2:
                return table.ProbeCount > 0 ? (ulong)table.RemoveProbe(table.ProbeAt(step % table.ProbeCount).Id) : 0;
            case 3:
            case 4:
                return table.TryFindMissing(address, out start, out end) ? (ulong)table.Arm(start, end, start ^ (ulong)step) + end : 0;
            case 5:
                return table.TryFindUnneeded(0, out run) && table.HasRoom ? (ulong)table.Disarm(run.Start, run.End) + run.Home : 0;
            case 6:
                return table.SetOpen(address, step % 3 == 0) && table.TryFindRun(address, out run) ? run.Home : (ulong)table.RunCount;
            default:
                table.ForgetDeparted(table.Stamp - (address % 4));
                return table.TryFindRun(address, 3 * PageSize, out run) ? run.Start : table.Stamp;
        }
    }

    private static ulong Add(ulong hash, ulong value) => (hash ^ value) * 1099511628211;
}
