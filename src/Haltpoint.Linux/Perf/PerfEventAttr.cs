using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Perf;

/// <summary>struct perf_event_attr of linux/perf_event.h, the version with sig_data (Linux 5.13).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PerfEventAttr
{
    public PerfEventType Type;
    public uint Size;
    public ulong Config;
    public ulong SamplePeriod;
    public PerfSampleFields SampleType;
    public ulong ReadFormat;
    public PerfEventFlags Flags;
    public uint WakeupWatermark;
    public uint BreakpointType;
    public ulong BreakpointAddress;
    public ulong BreakpointLength;
    public ulong BranchSampleType;
    public ulong SampleRegistersUser;
    public uint SampleStackUser;
    public int ClockId;
    public ulong SampleRegistersInterrupted;
    public uint AuxWatermark;
    public ushort SampleMaxStack;
    public ushort Reserved2;
    public uint AuxSampleSize;
    public uint Reserved3;
    public ulong SignalData;
}
