namespace Haltpoint.Arch.X86;

/// <summary>What the banks hold after an attempt to program them.</summary>
public enum BankStatus : byte
{
    /// <summary>Every bank holds the new image.</summary>
    Programmed,

    /// <summary>A bank refused; every bank holds what it held before.</summary>
    Refused,

    /// <summary>A bank refused, and one refused the way back as well; that one was told to watch nothing.</summary>
    Torn,
}
