using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Shell;

/// <summary>One thread on each CPU that does, round after round, what may have a breakpoint, a hardware breakpoint and a watchpoint on it, and counts.</summary>
internal static unsafe class Storm
{
    private const int BeatsPerRound = 200;

    private static Counts s_counts;
    private static long s_watched;
    private static int s_rounds;

    public static void Start(int rounds)
    {
        s_rounds = rounds;
        int started = 0;
        for (int cpu = 0; cpu < CpuTable.Count; cpu++)
        {
            s_counts[cpu] = default;
            started += ThreadTable.Start("storm"u8, &Run, cpu, 1UL << cpu) != null ? 1 : 0;
        }

        Commands.Print($"{started} storm\r\n");
    }

    [UnmanagedCallersOnly]
    private static void Run(nint cpu)
    {
        ref Count own = ref s_counts[(int)cpu];
        for (int round = 0; round < s_rounds; round++)
        {
            Trap();
            own.Traps++;
            Hardware();
            own.Hardware++;
            Volatile.Write(ref s_watched, ((long)round << 8) | cpu);
            own.Writes++;
            for (int i = 0; i < BeatsPerRound; i++)
            {
                Volatile.Write(ref own.Beats, own.Beats + 1);
            }
        }
    }

    [RuntimeImport("*", "storm_trap")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Trap();

    [RuntimeImport("*", "storm_hardware")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Hardware();

    private struct Count
    {
        public long Traps;
        public long Hardware;
        public long Writes;
        public long Beats;
    }

    [InlineArray(Cpu.Max)]
    private struct Counts
    {
        private Count _first;
    }
}
