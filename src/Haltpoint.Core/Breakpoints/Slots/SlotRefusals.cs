using System;

namespace Haltpoint.Breakpoints.Slots;

/// <summary>What a kind of processor, or its kernel, does not offer at all.</summary>
[Flags]
public enum SlotRefusals : byte
{
    None = 0,
    KernelAddressOfTask = 1,
    KernelAddress = 2,
    CpuTarget = 4,
}
