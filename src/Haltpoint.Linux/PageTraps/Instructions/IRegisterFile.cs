using System;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>The registers of a thread that stands before an instruction.</summary>
internal interface IRegisterFile
{
    ulong this[UserRegister register] { get; set; }

    /// <summary>The XSAVE area in standard format, components in their initial state filled in; asked for only by instructions that need it.</summary>
    bool TryReadExtended(out ReadOnlySpan<byte> area);

    /// <summary>The same to change in place.</summary>
    bool TryChangeExtended(out Span<byte> area);
}
