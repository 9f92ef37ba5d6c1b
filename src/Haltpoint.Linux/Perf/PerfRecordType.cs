namespace Haltpoint.Linux.Perf;

/// <summary>enum perf_event_type, what is used of it.</summary>
internal enum PerfRecordType : uint
{
    Lost = 2,
    Comm = 3,
    Exit = 4,
    Fork = 7,
    Sample = 9,
    Mmap2 = 10,
}
