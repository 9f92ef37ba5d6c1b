using System.Runtime.CompilerServices;
using System.Threading;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Logging;
using Haltpoint.Ring0.Threads;
using Haltpoint.Timekeeping;

namespace Haltpoint.Ring0.Watchdogs;

/// <summary>Threads that wait too long for what should come soon: a <see cref="Mutex"/>. Who waits for a person or a device may wait for ever.</summary>
internal static unsafe class HungTaskWatch
{
    private const long Period = Thresholds.Second;

    private static Turn s_turn;
    private static Records s_records;

    /// <summary>From each CPU's tick.</summary>
    public static void Tick(Cpu* cpu)
    {
        if (!s_turn.TryBegin(cpu, Period))
        {
            return;
        }

        TickClock clock = new(cpu);
        for (int i = 0; i < ThreadTable.Capacity; i++)
        {
            KernelThread* thread = ThreadTable.At(i);
            bool isWaiting = thread->State == ThreadState.Waiting && thread->WaitsBriefly;
            long waited = s_records[i].Check(isWaiting, Volatile.Read(ref thread->Turns), ref clock, Thresholds.Hung, Touches.Hung);
            if (waited > 0)
            {
                Log.Write($"watchdogs: hung task: thread {thread->Id} {thread->Name} has waited for {waited / Thresholds.Second} s");
            }
        }

        s_turn.End();
    }

    [InlineArray(ThreadTable.Capacity)]
    private struct Records
    {
        private HungTask _first;
    }
}
