using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Threads;
using Haltpoint.Targets;

namespace Haltpoint.Ring0.Debugging;

/// <summary>The numbers by which the debugger knows CPUs and threads: one process, first the CPUs, then the threads that are on none.</summary>
internal static unsafe class MachineThreads
{
    public const int Process = 1;

    private const int FirstThread = 1000;

    /// <summary>A client has the machine. Without one there is no process and no thread: that ends a conversation.</summary>
    public static bool IsAttached { get; set; }

    /// <summary>The threads that are on no CPU are listed beside the CPUs.</summary>
    public static bool ShowsThreads { get; set; }

    public static ThreadId OfCpu(int cpu) => new(Process, cpu + 1);

    /// <returns>The CPU's number, or -1.</returns>
    public static int CpuOf(ThreadId thread)
    {
        int cpu = thread.Thread - 1;
        return cpu >= 0 && cpu < CpuTable.Count && Debugger.Roundup.IsOnline(cpu) ? cpu : -1;
    }

    /// <returns>A thread that is on no CPU, or null.</returns>
    public static KernelThread* ParkedOf(ThreadId thread)
    {
        int index = thread.Thread - FirstThread - 1;
        if (!ShowsThreads || index < 0 || index >= ThreadTable.Capacity)
        {
            return null;
        }

        KernelThread* found = ThreadTable.At(index);
        return found->State is ThreadState.Free or ThreadState.Running || found->IsOnStack != 0 ? null : found;
    }

    /// <returns>Null for a CPU that does not answer.</returns>
    public static InterruptFrame* FrameOf(ThreadId thread)
    {
        int cpu = CpuOf(thread);
        if (cpu >= 0)
        {
            return Debugger.Roundup.IsStopped(cpu) ? Debugger.Cpu(cpu).Frame : null;
        }

        KernelThread* parked = ParkedOf(thread);
        return parked == null ? null : parked->Frame;
    }

    public static bool TryNext(ref ThreadId cursor)
    {
        for (int number = cursor.Thread + 1; IsAttached && number <= FirstThread + ThreadTable.Capacity; number++)
        {
            ThreadId next = new(Process, number);
            if (CpuOf(next) >= 0 || ParkedOf(next) != null)
            {
                cursor = next;
                return true;
            }
        }

        return false;
    }
}
