namespace Haltpoint.Arch.X86;

/// <summary>The debug registers of one thread or CPU. Implemented by a struct that is given as a type argument.</summary>
public interface IDebugRegisterBank
{
    /// <summary>Number of the control register among those a bank writes; 0 to 3 are the addresses.</summary>
    const int Control = 7;

    /// <summary>What the registers hold, as far as this bank wrote or found it: remembered, because reading costs as much as writing.</summary>
    DebugRegisterImage Held { get; }

    /// <summary>Writes a register, and <see cref="Held"/> with it when the register took it.</summary>
    /// <returns>
    /// False when the owner of the registers refused. A thread that is gone takes every write: nothing of it can miss an access.
    /// </returns>
    bool TryWrite(int register, ulong value);
}
