using System;
using System.Buffers.Text;

namespace Haltpoint.Linux.Procfs;

/// <summary>What /proc/TID/status tells of signals, one bit for each from 1 on.</summary>
/// <param name="Blocked">At this moment: in a call like sigsuspend(2) not what the thread blocks before and after it.</param>
/// <param name="Ignored">Ignored by the process.</param>
/// <param name="Caught">With a handler.</param>
internal readonly record struct SignalMasks(ulong Blocked, ulong Ignored, ulong Caught)
{
    /// <summary>All are empty when there is no such thread.</summary>
    public static SignalMasks Read(int thread)
    {
        Span<byte> text = stackalloc byte[4096];
        ReadOnlySpan<byte> status = text[..ProcFile.Read(thread, "status", text)];
        return new SignalMasks(Mask(status, "SigBlk:"u8), Mask(status, "SigIgn:"u8), Mask(status, "SigCgt:"u8));
    }

    /// <summary>Whether a handler would be started now.</summary>
    public bool Catches(int signal) => ((Caught & ~Blocked) >> (signal - 1) & 1) != 0;

    public bool Ignores(int signal) => (Ignored >> (signal - 1) & 1) != 0;

    private static ulong Mask(ReadOnlySpan<byte> status, ReadOnlySpan<byte> key) =>
        Utf8Parser.TryParse(ProcessStatus.Value(status, key), out ulong mask, out _, 'x') ? mask : 0;
}
