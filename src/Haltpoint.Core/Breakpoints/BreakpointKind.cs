namespace Haltpoint.Breakpoints;

/// <summary>What gdb's Z0 to Z4 ask for; the value is the packet's digit.</summary>
public enum BreakpointKind : byte
{
    Software = 0,
    Hardware = 1,
    WriteWatch = 2,
    ReadWatch = 3,
    AccessWatch = 4,
}
