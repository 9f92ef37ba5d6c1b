using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Threads;

/// <summary>Threads that wait for something to happen. Its lock also guards whatever they wait for.</summary>
internal unsafe struct WaitQueue
{
    public SpinLock Lock;

    private KernelThread* _first;

    /// <summary>Lets the lock go and sleeps until woken. Entered and left with the lock held.</summary>
    /// <remarks>Woken between the two, the thread is ready again before it has left its CPU, which finds it in its queue then.</remarks>
    public ulong Wait(ulong flags)
    {
        KernelThread* thread = Instructions.Current()->Current;
        thread->State = ThreadState.Waiting;
        thread->Next = _first;
        _first = thread;
        Lock.Exit(0);
        Instructions.Reschedule();
        Instructions.RestoreInterrupts(flags);
        return Lock.Enter();
    }

    /// <summary>With the lock held.</summary>
    public void WakeAll()
    {
        while (_first != null)
        {
            KernelThread* thread = _first;
            _first = thread->Next;
            Scheduler.MakeReady(thread);
        }
    }
}
