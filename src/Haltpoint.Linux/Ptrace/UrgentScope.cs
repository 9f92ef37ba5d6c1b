using System;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Lets the tracer run before every ordinary thread until disposed, where the machine allows it.</summary>
/// <remarks>
/// On the ptrace thread, around loops over many tracees that wait for none of them: each spinning thread that is resumed would
/// otherwise take its turn before the next one is resumed. Never around a wait that yields: a tracee on the same CPU would not
/// get to run.
/// </remarks>
internal readonly unsafe ref struct UrgentScope : IDisposable
{
    private const int FewTracees = 16;
    private readonly bool _isRaised;

    /// <param name="count">Tracees that the loop is over.</param>
    public UrgentScope(int count)
    {
        int priority = 1;
        _isRaised = count > FewTracees && Libc.SetScheduler(0, Libc.SchedulerFifo, &priority) == 0;
    }

    public void Dispose()
    {
        int none = 0;
        if (_isRaised)
        {
            Libc.SetScheduler(0, Libc.SchedulerOther, &none);
        }
    }
}
