using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Threads;

/// <summary>A lock of threads, which sleep while they wait. The holder is to let it go soon: who waits too long is reported as hung.</summary>
internal unsafe struct Mutex
{
    private WaitQueue _waiters;
    private bool _isTaken;

    public void Enter()
    {
        ulong flags = _waiters.Lock.Enter();
        while (_isTaken)
        {
            KernelThread* thread = Instructions.Current()->Current;
            thread->WaitsBriefly = true;
            flags = _waiters.Wait(flags);
            thread->WaitsBriefly = false;
        }

        _isTaken = true;
        _waiters.Lock.Exit(flags);
    }

    public void Exit()
    {
        ulong flags = _waiters.Lock.Enter();
        _isTaken = false;
        _waiters.WakeAll();
        _waiters.Lock.Exit(flags);
    }
}
