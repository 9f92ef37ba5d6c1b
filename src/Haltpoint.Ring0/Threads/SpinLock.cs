using Haltpoint.Locks;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Threads;

/// <summary>A lock among CPUs, held with interrupts off. Not for NMI, #DB and #BP handlers, which may interrupt the holder.</summary>
internal struct SpinLock
{
    private int _word;

    /// <returns>What <see cref="Exit"/> takes.</returns>
    public ulong Enter()
    {
        ulong flags = Instructions.DisableInterrupts();
        WordLock.Enter(ref _word);
        return flags;
    }

    public void Exit(ulong flags)
    {
        WordLock.Exit(ref _word);
        Instructions.RestoreInterrupts(flags);
    }

    /// <summary>For panic only: whoever holds it will not go on.</summary>
    public void Break() => WordLock.Exit(ref _word);
}
