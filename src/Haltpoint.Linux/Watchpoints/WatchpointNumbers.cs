using System.Collections.Generic;

namespace Haltpoint.Linux.Watchpoints;

/// <summary>The numbers by which a client knows watchpoints, and what it ordered for them. One for all processes: so are gdb's numbers.</summary>
internal sealed class WatchpointNumbers
{
    private readonly Dictionary<int, WatchpointOrders> _orders = [];
    private int _last;

    /// <summary>The next number that nobody has.</summary>
    public int Next() => ++_last;

    /// <summary>A number is in use: others come after it.</summary>
    public void Take(int number) => _last = number > _last ? number : _last;

    public WatchpointOrders OrdersFor(int number)
    {
        if (!_orders.TryGetValue(number, out WatchpointOrders? orders))
        {
            orders = new WatchpointOrders();
            _orders.Add(number, orders);
        }

        return orders;
    }

    public void Forget(int number) => _orders.Remove(number);

    public void Clear()
    {
        _orders.Clear();
        _last = 0;
    }
}
