using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Haltpoint.Bench.Slots;

internal enum Kind
{
    Pool,
    PoolAtRandom,
    List,
    Kernel,
}

/// <summary>One figure of the table.</summary>
internal sealed class Column(int tasks, Kind kind, IReservations reservations, int operations)
{
    private readonly List<double> _figures = [];
    private uint _random = 1;

    public int Tasks => tasks;

    public Kind Kind => kind;

    public IReservations Reservations => reservations;

    public double Median => _figures.Order().ElementAt(_figures.Count / 2);

    public void Measure()
    {
        int task = 0;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < operations; i++)
        {
            _random = (_random * 1664525) + 1013904223;
            task = kind == Kind.PoolAtRandom ? (int)((ulong)_random * (ulong)tasks >> 32) : task + 1 == tasks ? 0 : task + 1;
            reservations.ReserveAndRelease(task);
        }

        _figures.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / operations);
    }
}
