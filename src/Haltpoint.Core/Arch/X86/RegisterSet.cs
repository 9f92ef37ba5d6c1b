namespace Haltpoint.Arch.X86;

/// <summary>Where a register's bytes come from. Offsets within a set are the architecture's; where a set starts is the target's affair.</summary>
public enum RegisterSet : byte
{
    /// <summary>8 bytes each, in the order of <see cref="GeneralRegister"/>.</summary>
    General,

    /// <summary>The eight x87 control registers as debuggers show them, 4 bytes each: <see cref="X87Control"/>.</summary>
    Control,

    /// <summary>The FXSAVE area.</summary>
    Legacy,

    /// <summary>Upper halves of ymm0-15.</summary>
    Avx,

    /// <summary>k0-7, 8 bytes each.</summary>
    Opmask,

    /// <summary>Upper halves of zmm0-15.</summary>
    ZmmHigh,

    /// <summary>All of zmm16-31.</summary>
    HighZmm,
    Pkru,
}
