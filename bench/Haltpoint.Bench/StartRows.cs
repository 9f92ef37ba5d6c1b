using System.Collections.Generic;

namespace Haltpoint.Bench;

/// <summary>What it costs to have the server at all.</summary>
internal static class StartRows
{
    public static IEnumerable<Row> All =>
    [
        new("start until it listens", "us")
        {
            Open = s => new Measurement(() =>
            {
                RunningServer? server = null;
                double time = Clock.Each(1, () => server = s.Start("--once", "localhost:0", Workspace.Target, "spin", "1"));
                server!.Dispose();
                return time;
            }),
            IsPinned = false,
            IsWarmedUp = false,
        },
        new("peak memory", "KiB")
        {
            Open = s => new Measurement(() =>
            {
                using Session session = new(s, "spin", 1);
                session.Client.Request("g");
                return session.ServerMemory;
            }),
            IsPinned = false,
            IsWarmedUp = false,
        },
    ];
}
