using System;
using Haltpoint.Linux.PageTraps.Instructions;

namespace Haltpoint.Linux.Registers;

/// <summary>The registers of a stopped thread, for those who execute instructions on them.</summary>
/// <remarks>A thread that is gone has zeros; its next step tells.</remarks>
internal readonly struct ThreadRegisterFile(ThreadRegisters registers) : IRegisterFile
{
    public ulong this[UserRegister register]
    {
        get => registers.TryRead(register, out ulong value) ? value : 0;
        set => registers.TryWrite(register, value);
    }

    public bool TryReadExtended(out ReadOnlySpan<byte> area) => registers.TryReadExtended(out area);

    public bool TryChangeExtended(out Span<byte> area) => registers.TryChangeExtended(out area);
}
