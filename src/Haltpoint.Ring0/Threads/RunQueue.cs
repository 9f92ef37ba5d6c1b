namespace Haltpoint.Ring0.Threads;

/// <summary>The threads of one CPU that want to run, first come first served, and those that sleep. Its lock guards both, and the state of every thread of the CPU.</summary>
internal unsafe struct RunQueue
{
    public SpinLock Lock;

    /// <summary>Threads ready to run.</summary>
    public int Length;

    private KernelThread* _first;
    private KernelThread* _last;
    private KernelThread* _sleepers;

    public void Add(KernelThread* thread)
    {
        thread->State = ThreadState.Ready;
        thread->Next = null;
        if (_first == null)
        {
            _first = thread;
        }
        else
        {
            _last->Next = thread;
        }

        _last = thread;
        Length++;
    }

    /// <summary>Takes the first thread that may run on <paramref name="cpu"/>.</summary>
    /// <param name="leaving">The thread whose stack the CPU is on and may stay on. Any other whose stack is still in use is left alone; null to leave all.</param>
    public KernelThread* Take(int cpu, KernelThread* leaving)
    {
        KernelThread* before = null;
        for (KernelThread* thread = _first; thread != null; before = thread, thread = thread->Next)
        {
            if ((thread->Affinity >> cpu & 1) == 0 || (thread != leaving && System.Threading.Volatile.Read(ref thread->IsOnStack) != 0))
            {
                continue;
            }

            if (before == null)
            {
                _first = thread->Next;
            }
            else
            {
                before->Next = thread->Next;
            }

            if (_last == thread)
            {
                _last = before;
            }

            Length--;
            return thread;
        }

        return null;
    }

    /// <summary>Behind those that wake up before it or at the same tick.</summary>
    public void AddSleeper(KernelThread* thread)
    {
        fixed (KernelThread** first = &_sleepers)
        {
            KernelThread** link = first;
            while (*link != null && (*link)->WakeTick <= thread->WakeTick)
            {
                link = &(*link)->Next;
            }

            thread->Next = *link;
            *link = thread;
        }
    }

    public void WakeSleepers(long tick)
    {
        while (_sleepers != null && _sleepers->WakeTick <= tick)
        {
            KernelThread* thread = _sleepers;
            _sleepers = thread->Next;
            Add(thread);
        }
    }
}
