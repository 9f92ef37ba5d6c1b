using System;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;

namespace Haltpoint.Ring0.Gate;

/// <summary>Plays a fixed run of requests on a slot pool and hashes the answers.</summary>
internal static unsafe class SlotPoolProbe
{
    private const int Cpus = 3;
    private const int Tasks = 4;
    private const int Requests = 24;
    private const int Steps = 4_000;

    public static ulong Run()
    {
        SlotProfile profile = SlotProfile.X86;
        ulong* memory = stackalloc ulong[(int)SlotPool.BytesFor(profile, Cpus, Tasks, Requests) / sizeof(ulong) + 1];
        SlotPool pool = new(memory, profile, Cpus, Tasks, Requests);
        Span<SlotId> held = stackalloc SlotId[Requests];
        held.Fill(SlotId.None);
        Span<SlotPlacement> placed = stackalloc SlotPlacement[4];
        ulong hash = 14695981039346656037;
        ulong random = 1;
        for (int step = 0; step < Steps; step++)
        {
            random = (random * 6364136223846793005) + 1442695040888963407;
            uint draw = (uint)(random >> 33);
            int place = (int)(draw % Requests);
            SlotStatus status;
            if (held[place].IsNone)
            {
                SlotRequest request = new()
                {
                    Address = 0x1000 + (8ul * draw),
                    Length = 8,
                    Access = AccessKind.Write,
                    Cpu = (int)(draw / 64 % (Cpus + 1)) - 1,
                    Task = (int)(draw / 1024 % (Tasks + 1)) - 1,
                    Flags = draw / 8192 % 4 == 0 ? SlotFlags.Flexible : SlotFlags.None,
                };
                status = pool.Reserve(request, default, SlotWait.ForLock, out held[place]);
            }
            else
            {
                status = pool.Release(held[place], SlotWait.Never);
                held[place] = SlotId.None;
            }

            hash = (hash ^ (ulong)status) * 1099511628211;
            int running = (int)(draw % (Tasks + 1)) - 1;
            pool.Layout(place % Cpus, new ReadOnlySpan<int>(in running), (uint)step, SlotWait.Never, placed, out int count);
            for (int i = 0; i < count; i++)
            {
                hash = (hash ^ (ulong)placed[i].Register ^ placed[i].Form.Address) * 1099511628211;
            }
        }

        return hash;
    }
}
