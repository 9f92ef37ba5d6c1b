using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.SelfTests;

/// <summary>A thread that goes to a CPU and writes every watched word once, whenever it is told to.</summary>
internal unsafe struct Toucher
{
    private const int Idle = -1;
    private const int End = -2;

    private WaitQueue _queue;
    private KernelThread* _thread;

    // The CPU to go to; what is done is idle again.
    private int _order;

    /// <summary>Its place in the table of threads.</summary>
    public readonly int Task => _thread->Id - 1;

    /// <param name="self">Fixed in place until <see cref="Stop"/>.</param>
    public static bool TryStart(Toucher* self)
    {
        self->_order = Idle;
        self->_thread = ThreadTable.Start("toucher"u8, &Run, (nint)self);
        return self->_thread != null;
    }

    /// <summary>Returns when it has written all.</summary>
    public static void Touch(Toucher* self, int cpu) => Order(self, cpu);

    /// <summary>Returns when nothing of it is left.</summary>
    public static void Stop(Toucher* self)
    {
        KernelThread* thread = self->_thread;
        Order(self, End);
        while (Volatile.Read(ref *(int*)&thread->State) != (int)ThreadState.Free)
        {
            Scheduler.Sleep(1);
        }
    }

    private static void Order(Toucher* self, int order)
    {
        ulong flags = self->_queue.Lock.Enter();
        self->_order = order;
        self->_queue.WakeAll();
        while (self->_order == order)
        {
            flags = self->_queue.Wait(flags);
        }

        self->_queue.Lock.Exit(flags);
    }

    [UnmanagedCallersOnly]
    private static void Run(nint argument)
    {
        Toucher* self = (Toucher*)argument;
        int order;
        do
        {
            ulong flags = self->_queue.Lock.Enter();
            while (self->_order == Idle)
            {
                flags = self->_queue.Wait(flags);
            }

            order = self->_order;
            self->_queue.Lock.Exit(flags);
            if (order >= 0)
            {
                Scheduler.MoveTo(1UL << order);
                Watched.WriteAll();
            }

            flags = self->_queue.Lock.Enter();
            self->_order = Idle;
            self->_queue.WakeAll();
            self->_queue.Lock.Exit(flags);
        }
        while (order != End);
    }
}
