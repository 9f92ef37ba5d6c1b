using Haltpoint.Arch.X86;

namespace Haltpoint.Linux.Registers;

/// <summary>Bytes that the XSAVE area and the register image share, and the component they belong to.</summary>
internal readonly record struct AreaCopy(ushort AreaOffset, ushort ImageOffset, ushort Length, ExtendedFeatures Feature);
