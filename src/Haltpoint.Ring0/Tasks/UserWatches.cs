using System.Runtime.CompilerServices;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Tasks;

/// <summary>Watches that programs ask for on a task's accesses, to count them; beside a tracer's debug registers, and from the same pool.</summary>
internal static unsafe class UserWatches
{
    private const int Capacity = 64;
    private const ulong Flexible = 1UL << 32;
    private const ulong Disabled = 1UL << 33;

    private static Storage s_watches;
    private static SpinLock s_lock;

    /// <param name="self">Who asks, and has it until it ends.</param>
    /// <param name="task">Whose accesses.</param>
    /// <param name="address">First byte.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="access">The bits of <see cref="AccessKind"/>; bit 32: flexible, bit 33: disabled.</param>
    /// <returns>A number for the other calls, or an error.</returns>
    public static long Open(UserTask* self, UserTask* task, ulong address, ulong length, ulong access)
    {
        SlotRequest request = new()
        {
            Address = address,
            Length = length,
            Access = (AccessKind)(access & 7),
            Flags = SlotFlags.UserOnly | ((access & Flexible) != 0 ? SlotFlags.Flexible : SlotFlags.None) | ((access & Disabled) != 0 ? SlotFlags.Disabled : SlotFlags.None),
            Cpu = SlotRequest.EveryCpu,
            Task = task->ThreadIndex,
        };
        SlotStatus status = BreakpointTable.Register(request, 0, null, 0, out SlotId id);
        if (status != SlotStatus.Ok)
        {
            return Errors.Of(status);
        }

        ulong flags = s_lock.Enter();
        int number = 0;
        while (number < Capacity && s_watches[number].Owner != 0)
        {
            number++;
        }

        if (number < Capacity)
        {
            s_watches[number] = new Watch { Owner = self->Id, Id = id };
        }

        s_lock.Exit(flags);
        if (number == Capacity)
        {
            BreakpointTable.Unregister(id);
            return Errors.NoMemory;
        }

        return number;
    }

    public static long Close(UserTask* self, int number)
    {
        if (!TryGet(self->Id, number, out SlotId id))
        {
            return Errors.Invalid;
        }

        BreakpointTable.Unregister(id);
        s_watches[number].Owner = 0;
        return 0;
    }

    /// <returns>How often it hit.</returns>
    public static long Count(UserTask* self, int number)
    {
        if (!TryGet(self->Id, number, out SlotId id))
        {
            return Errors.Invalid;
        }

        return BreakpointTable.TryFind(id, out Breakpoint* breakpoint) ? breakpoint->Hits : Errors.NoTask;
    }

    /// <summary>A task ends: what it asked for is given back.</summary>
    public static void End(int owner)
    {
        for (int number = 0; number < Capacity; number++)
        {
            if (TryGet(owner, number, out SlotId id))
            {
                BreakpointTable.Unregister(id);
                s_watches[number].Owner = 0;
            }
        }
    }

    private static bool TryGet(int owner, int number, out SlotId id)
    {
        bool isThere = number is >= 0 and < Capacity && s_watches[number].Owner == owner;
        id = isThere ? s_watches[number].Id : SlotId.None;
        return isThere;
    }

    private struct Watch
    {
        /// <summary>0 for a free place.</summary>
        public int Owner;

        public SlotId Id;
    }

    [InlineArray(Capacity)]
    private struct Storage
    {
        private Watch _first;
    }
}
