namespace Haltpoint.Ring0.MmioTrace;

/// <summary>The tracer's part of the address space.</summary>
internal static class TraceArea
{
    /// <summary>A page for each CPU.</summary>
    public const ulong Code = 0xFFFF_E000_0000_0000;

    public const ulong Rings = Code + 0x1_0000_0000;
}
