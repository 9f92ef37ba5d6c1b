using Haltpoint.Linux.PageTraps;

namespace Haltpoint.Linux.Tracing;

/// <summary>Hears of the accesses to one mapping.</summary>
internal sealed class MappingSink(Tracer tracer, TracedMapping mapping) : IAccessSink
{
    public TracedMapping Mapping => mapping;

    public PageProbe? Probe { get; set; }

    public AccessVerdict OnAccess(PageProbe probe, in TrappedAccess access)
    {
        tracer.OnAccess(mapping, access);
        return AccessVerdict.RunOn;
    }

    public void OnWithdrawn(PageProbe probe, string reason) => tracer.OnWithdrawn(this, reason);
}
