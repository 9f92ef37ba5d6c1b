namespace Haltpoint.Breakpoints.Slots;

/// <summary>One breakpoint or watchpoint that needs one register wherever it applies.</summary>
public struct SlotRequest
{
    /// <summary>Every CPU there can be, those that come online later included .</summary>
    public const int EveryCpu = -1;

    /// <summary>The CPUs of a mask given with the request; only without a task .</summary>
    public const int CpuMask = -2;

    public const int NoTask = -1;

    public ulong Address;
    public ulong Length;
    public AccessKind Access;
    public SlotFlags Flags;

    /// <summary>A CPU number, <see cref="EveryCpu"/> or <see cref="CpuMask"/>.</summary>
    public int Cpu;

    /// <summary>Index of a task in the pool's table, or <see cref="NoTask"/> for whatever runs on the CPUs.</summary>
    public int Task;

    public readonly bool IsFlexible => (Flags & SlotFlags.Flexible) != 0;

    public readonly bool IsDisabled => (Flags & SlotFlags.Disabled) != 0;
}
