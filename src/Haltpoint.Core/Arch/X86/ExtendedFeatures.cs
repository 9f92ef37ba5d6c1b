using System;

namespace Haltpoint.Arch.X86;

/// <summary>State components of XSAVE, as the bits of XCR0 and XSTATE_BV (Intel SDM vol. 1, "The XSAVE-Supported Features and State-Component Bitmaps").</summary>
[Flags]
public enum ExtendedFeatures : ulong
{
    None = 0,
    X87 = 1 << 0,
    Sse = 1 << 1,
    Avx = 1 << 2,
    Opmask = 1 << 5,
    ZmmHigh = 1 << 6,
    HighZmm = 1 << 7,
    Pkru = 1 << 9,

    Avx512 = Opmask | ZmmHigh | HighZmm,
}
