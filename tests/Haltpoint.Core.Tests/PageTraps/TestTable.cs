using System;
using Haltpoint.PageTraps;

namespace Haltpoint.Core.Tests.PageTraps;

/// <summary>A table with its memory, which can be copied out and put back.</summary>
internal sealed unsafe class TestTable
{
    private readonly Probe[] _probes;
    private readonly TrappedRun[] _runs;
    private readonly DepartedRun[] _departed;

    public PageTrapTable Table;

    public TestTable(int probes, int runs, int departed, ulong pageSize)
    {
        Table = new PageTrapTable(
            Memory(probes, out _probes), probes, Memory(runs, out _runs), runs, Memory(departed, out _departed), departed, pageSize);
    }

    public Saved Save() => new(Table, [.. _probes], [.. _runs], [.. _departed]);

    public void Restore(in Saved saved)
    {
        Table = saved.Table;
        saved.Probes.CopyTo(_probes, 0);
        saved.Runs.CopyTo(_runs, 0);
        saved.Departed.CopyTo(_departed, 0);
    }

    private static T* Memory<T>(int count, out T[] array)
        where T : unmanaged
    {
        array = GC.AllocateArray<T>(count, pinned: true);
        return (T*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
    }

    internal readonly record struct Saved(PageTrapTable Table, Probe[] Probes, TrappedRun[] Runs, DepartedRun[] Departed);
}
