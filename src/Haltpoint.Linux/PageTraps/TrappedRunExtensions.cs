using Haltpoint.PageTraps;

namespace Haltpoint.Linux.PageTraps;

/// <summary>The two halves of <see cref="TrappedRun.Home"/>.</summary>
internal static class TrappedRunExtensions
{
    public static ulong Distance(this in TrappedRun run) => run.Home & ~(ulong)RunTraits.All;

    public static RunTraits Traits(this in TrappedRun run) => (RunTraits)(run.Home & (ulong)RunTraits.All);

    public static bool Has(this in TrappedRun run, RunTraits traits) => (run.Traits() & traits) == traits;
}
