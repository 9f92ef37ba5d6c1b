using System;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Procfs;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Puts the tracer on the CPU of a tracee that stops again and again: a stop then costs no wake-up of another CPU.</summary>
/// <remarks>On the ptrace thread. Where the tracee may run is never touched: it moves as it likes, and is looked for again now and then.</remarks>
internal sealed unsafe class CpuFollower
{
    private const int MaskWords = 128;
    private const int StopsBeforeFollowing = 16;
    private const int StopsBetweenLooks = 512;

    private readonly ulong[] _own = new ulong[MaskWords];
    private int _stops;
    private int _cpu = -1;

    public CpuFollower()
    {
        fixed (ulong* own = _own)
        {
            Libc.GetAffinity(0, MaskWords * sizeof(ulong), own);
        }
    }

    /// <summary>The thread stopped soon after it was resumed.</summary>
    public void OnQuickStop(int thread)
    {
        _stops++;
        if (_stops == StopsBeforeFollowing || _stops % StopsBetweenLooks == 0)
        {
            Follow(ThreadStat.ReadLastCpu(thread));
        }
    }

    /// <summary>Tracees run for long: the tracer is better off wherever there is room.</summary>
    public void OnSleep()
    {
        _stops = 0;
        if (_cpu >= 0)
        {
            Set(_own);
            _cpu = -1;
        }
    }

    private void Follow(int cpu)
    {
        if (cpu == _cpu || (uint)cpu >= MaskWords * 64 || (_own[cpu / 64] & (1ul << (cpu % 64))) == 0)
        {
            return;
        }

        Span<ulong> mask = stackalloc ulong[MaskWords];
        mask.Clear();
        mask[cpu / 64] = 1ul << (cpu % 64);
        _cpu = Set(mask) ? cpu : -1;
    }

    private static bool Set(ReadOnlySpan<ulong> mask)
    {
        fixed (ulong* words = mask)
        {
            return Libc.SetAffinity(0, MaskWords * sizeof(ulong), words) == 0;
        }
    }
}
