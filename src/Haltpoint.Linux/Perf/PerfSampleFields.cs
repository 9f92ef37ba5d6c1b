using System;

namespace Haltpoint.Linux.Perf;

/// <summary>enum perf_event_sample_format, what is used of it. A sample has its fields in the order of perf_event_open(2), not of the bits.</summary>
[Flags]
internal enum PerfSampleFields : ulong
{
    None = 0,
    InstructionPointer = 1ul << 0,
    ThreadId = 1ul << 1,
    Time = 1ul << 2,
    Address = 1ul << 3,
    Callchain = 1ul << 5,
    Id = 1ul << 6,
    Cpu = 1ul << 7,
    RegistersUser = 1ul << 12,
    StackUser = 1ul << 13,
    RegistersInterrupted = 1ul << 18,
}
