using Haltpoint.Breakpoints;
using Haltpoint.Linux.Perf;
using Xunit;

namespace Haltpoint.Linux.Tests.Perf;

/// <summary>What tests on live perf breakpoints share. They run one after the other: they compete for the same four registers.</summary>
[Collection("perf")]
public abstract class PerfTest
{
    private protected static WatchPlan Plan(ulong address, int length, AccessKind access = AccessKind.Write) =>
        new() { Pieces = [new WatchPiece(address, length)], Access = access };

    /// <summary>A ring for each CPU, for the events of <paramref name="plan"/>.</summary>
    private protected static PerfRing[] OpenRings(WatchPlan plan, int pages = PerfRing.DefaultPages)
    {
        int[] cpus = OnlineCpus.Read();
        PerfRing[] rings = new PerfRing[cpus.Length];
        for (int i = 0; i < cpus.Length; i++)
        {
            PerfStatus status = PerfRing.TryOpen(cpus[i], plan.CreateAttr(0), pages, out PerfRing? ring);
            Assert.SkipWhen(status is PerfStatus.NotPermitted or PerfStatus.NotSupported, $"perf events are refused here: {status}");
            Assert.Equal(PerfStatus.Ok, status);
            rings[i] = ring!;
        }

        return rings;
    }
}
