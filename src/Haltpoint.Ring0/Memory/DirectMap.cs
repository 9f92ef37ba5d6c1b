namespace Haltpoint.Ring0.Memory;

/// <summary>All memory at a fixed distance from its physical address. The boot code maps the first 4 GiB so, the kernel's tables what is memory.</summary>
internal static unsafe class DirectMap
{
    public const ulong Base = 0xFFFF_8000_0000_0000;

    public static byte* At(ulong physicalAddress) => (byte*)(Base + physicalAddress);
}
