using System;

namespace Haltpoint.Ring0.Watchdogs;

[Flags]
internal enum DetectorKinds
{
    None = 0,
    Clocks = 1,
    Soft = 2,
    Hard = 4,
    Hung = 8,
    Stall = 16,
    All = 31,
}
