namespace Haltpoint.Ring0.Apic;

/// <summary>A global system interrupt, and how it is signalled.</summary>
internal struct InterruptLine
{
    public uint Number;
    public bool IsLevelTriggered;
    public bool IsActiveLow;
}
