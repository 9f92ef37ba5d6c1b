using System;
using Haltpoint.Linux.PageTraps.Instructions;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.PageTraps;

/// <summary>The registers of a stopped thread as instruction handling wants them.</summary>
internal readonly struct TraceeRegisters(Tracee tracee) : IRegisterFile
{
    public ulong this[UserRegister register]
    {
        get => tracee.Registers.TryRead(register, out ulong value) ? value : 0;
        set => tracee.Registers.TryWrite(register, value);
    }

    public bool TryReadExtended(out ReadOnlySpan<byte> area) => tracee.Registers.TryReadExtended(out area);

    public bool TryChangeExtended(out Span<byte> area) => tracee.Registers.TryChangeExtended(out area);
}
