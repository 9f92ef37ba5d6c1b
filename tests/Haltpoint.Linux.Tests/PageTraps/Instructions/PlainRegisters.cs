using System;
using Haltpoint.Linux.PageTraps.Instructions;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.Tests.PageTraps.Instructions;

/// <summary>A register file that is only an array.</summary>
internal readonly struct PlainRegisters(ulong[] words, byte[] area) : IRegisterFile
{
    public PlainRegisters()
        : this(new ulong[(int)UserRegister.Gs + 1], [])
    {
    }

    public ulong this[UserRegister register]
    {
        get => words[(int)register];
        set => words[(int)register] = value;
    }

    public ulong[] Words => words;

    public byte[] Area => area;

    public bool TryReadExtended(out ReadOnlySpan<byte> bytes)
    {
        bytes = area;
        return area.Length != 0;
    }

    public bool TryChangeExtended(out Span<byte> bytes)
    {
        bytes = area;
        return area.Length != 0;
    }
}
