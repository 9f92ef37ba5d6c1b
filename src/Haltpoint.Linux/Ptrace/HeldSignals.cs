using System.Collections.Generic;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Signals taken from a thread that it is to get later, in order, and those sent anew for it that are to pass unseen.</summary>
internal sealed class HeldSignals
{
    private readonly List<(int Signal, SignalInfo? Info)> _held = [];
    private ulong _sent;

    public bool IsEmpty => _held.Count == 0;

    /// <summary>Number of the first that is not among those kept back, as in a mask; 0 for none.</summary>
    public int First(ulong keptBack) => _held.Find(held => (keptBack & Bit(held.Signal)) == 0).Signal;

    /// <param name="signal">Its number.</param>
    /// <param name="info">As its sender made it; null when the debugger made it up.</param>
    public void Add(int signal, SignalInfo? info) => _held.Add((signal, info));

    public bool Has(int signal) => _held.Exists(held => held.Signal == signal);

    /// <summary>What the sender said of the first with that number; null when it is not known.</summary>
    public SignalInfo? InfoOf(int signal) => _held.Find(held => held.Signal == signal).Info;

    public bool TryTake(int signal, out SignalInfo? info)
    {
        int index = _held.FindIndex(held => held.Signal == signal);
        info = index >= 0 ? _held[index].Info : null;
        if (index >= 0)
        {
            _held.RemoveAt(index);
        }

        return index >= 0;
    }

    /// <summary>The held signals that were not sent anew yet, but for those kept back.</summary>
    public bool TryNextUnsent(ulong keptBack, out int signal)
    {
        int index = _held.FindIndex(held => !HasSent(held.Signal) && (keptBack & Bit(held.Signal)) == 0);
        signal = index >= 0 ? _held[index].Signal : 0;
        return index >= 0;
    }

    public void MarkSent(int signal) => _sent |= Bit(signal);

    public bool HasSent(int signal) => (_sent & Bit(signal)) != 0;

    public bool TryTakeSent(int signal)
    {
        bool was = HasSent(signal);
        _sent &= ~Bit(signal);
        return was;
    }

    private static ulong Bit(int signal) => 1ul << (signal - 1);
}
