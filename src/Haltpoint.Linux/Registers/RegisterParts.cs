using System;

namespace Haltpoint.Linux.Registers;

/// <summary>What the kernel transfers in one request.</summary>
[Flags]
internal enum RegisterParts : byte
{
    None = 0,
    ProgramCounter = 1,
    General = 2,
    Extended = 4,
}
