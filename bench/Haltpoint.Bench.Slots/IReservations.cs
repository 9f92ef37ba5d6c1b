using System;

namespace Haltpoint.Bench.Slots;

/// <summary>Somebody's accounting, with one request held for each of a number of tasks.</summary>
internal interface IReservations : IDisposable
{
    /// <summary>Reserves one more for a task, on every CPU, and gives it back.</summary>
    void ReserveAndRelease(int task);
}
