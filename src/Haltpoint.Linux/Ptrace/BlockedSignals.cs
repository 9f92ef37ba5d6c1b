using System;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Keeps all signals from this thread until disposed.</summary>
internal readonly unsafe ref struct BlockedSignals : IDisposable
{
    private readonly ulong _before;

    public BlockedSignals()
    {
        ulong all = ulong.MaxValue;
        ulong before;
        _ = Libc.SignalMask(Libc.SetMask, &all, &before);
        _before = before;
    }

    /// <summary>The mask that will be back, one bit per signal from 1 on.</summary>
    public ulong Before => _before;

    public void Dispose()
    {
        ulong before = _before;
        _ = Libc.SignalMask(Libc.SetMask, &before, null);
    }
}
