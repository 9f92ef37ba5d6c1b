using System;

namespace Haltpoint.Bench.Slots;

/// <summary>
/// The cost of the accounting that Linux had before its rework: every CPU is asked in turn, and for each the list of all breakpoints of all
/// tasks is gone through to count those of one task, when a slot is asked for and again when the counts change (A-58, A-59, I-7).
/// </summary>
/// <remarks>A model of the steps, not of the code: what a step costs is the least it can, an array in order.</remarks>
internal sealed class ListReservations : IReservations
{
    private const int Slots = 4;

    private readonly int[] _tasks;
    private readonly int[] _pinned;
    private readonly int[,] _tasksByCount;
    private int _count;

    public ListReservations(int cpus, int tasks)
    {
        _tasks = new int[tasks + 1];
        _pinned = new int[cpus];
        _tasksByCount = new int[cpus, Slots + 1];
        for (; _count < tasks; _count++)
        {
            _tasks[_count] = _count;
        }

        for (int cpu = 0; cpu < cpus; cpu++)
        {
            _tasksByCount[cpu, 1] = tasks;
        }
    }

    public void ReserveAndRelease(int task)
    {
        int busy = 0;
        for (int cpu = 0; cpu < _pinned.Length; cpu++)
        {
            busy = Math.Max(busy, _pinned[cpu] + Held(task));
        }

        if (busy == Slots)
        {
            throw new InvalidOperationException("no slot");
        }

        Change(task, 1);
        _tasks[_count++] = task;
        _count--;
        Change(task, -1);
    }

    public void Dispose()
    {
    }

    private void Change(int task, int by)
    {
        for (int cpu = 0; cpu < _pinned.Length; cpu++)
        {
            int held = Held(task);
            int more = by > 0 ? held : held + 1;
            _tasksByCount[cpu, more] -= by;
            _tasksByCount[cpu, more + 1 > Slots ? Slots : more + 1] += by;
        }
    }

    private int Held(int task)
    {
        int held = 0;
        foreach (int owner in _tasks.AsSpan(0, _count))
        {
            held += owner == task ? 1 : 0;
        }

        return held;
    }
}
