namespace Haltpoint.Linux.Perf;

/// <summary>enum perf_type_id, what is used of it.</summary>
internal enum PerfEventType : uint
{
    Software = 1,
    Breakpoint = 5,
}
