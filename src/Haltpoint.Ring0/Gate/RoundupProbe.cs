using System;
using Haltpoint.Stopping;

namespace Haltpoint.Ring0.Gate;

/// <summary>Two CPUs that hit at once and take their steps in turns, with all that a debugger can do in between.</summary>
internal static unsafe class RoundupProbe
{
    private const int Cpus = 2;
    private const int Steps = 400;

    /// <summary>A sum over the answers to every step.</summary>
    public static ulong Run()
    {
        int length = Roundup<Machine>.BytesFor(Cpus);
        byte* memory = stackalloc byte[length];
        new Span<byte>(memory, length).Clear();
        Roundup<Machine> roundup = new(memory, Cpus, patience: 20, linger: 5);
        Machine machine = default;
        ulong sum = 0;
        for (int cpu = 0; cpu < Cpus; cpu++)
        {
            roundup.ComeOnline(cpu);
            sum = (sum * 31) + (roundup.Stay(ref machine, cpu) ? 1ul : 0);
        }

        for (int step = 0; step < Steps; step++)
        {
            int cpu = step % Cpus;
            sum = (sum * 31) + (ulong)roundup.EnterByTrap(cpu);
            sum = (sum * 31) + (ulong)roundup.EnterByNmi(cpu);
            RoundupNext next = roundup.Step(ref machine, cpu);
            sum = (sum * 31) + (ulong)next;
            if (next == RoundupNext.Serve)
            {
                sum = (sum * 31) + Serve(roundup, ref machine, cpu, step);
            }

            sum = (sum * 31) + (ulong)(roundup.Active + roundup.Masters + (4 * roundup.Slaves) + machine.Sent);
        }

        return sum;
    }

    private static ulong Serve(Roundup<Machine> roundup, ref Machine machine, int cpu, int step)
    {
        int other = (cpu + 1) % Cpus;
        ulong sum = (ulong)roundup.Reenter(ref machine, cpu, (ulong)step) + (ulong)roundup.TakeRemoved(cpu, out ulong address) + address;
        while (roundup.TryTakeHit(ref machine, cpu, out int hit))
        {
            sum = (sum * 31) + (ulong)hit;
        }

        if (step % 3 == 0 && roundup.TryHandOver(ref machine, cpu, other))
        {
            return sum;
        }

        if (step % 7 == 0)
        {
            roundup.Linger(other);
        }

        if (step % 5 == 0 && !roundup.IsAbsent(other))
        {
            roundup.Keep(other);
        }

        roundup.Resume(cpu, (ulong)(step % 2));
        return sum;
    }

    private struct Machine : IRoundupTarget<Machine>
    {
        private long _now;

        public int Sent { get; private set; }

        public static long Now(ref Machine self) => ++self._now;

        public static void Relax(ref Machine self) => self._now++;

        public static void Sleep(ref Machine self, int cpu) => self._now += 2;

        public static void Wake(ref Machine self, int cpu) => self.Sent ^= 0x400;

        public static void SendNmi(ref Machine self, int cpu) => self.Sent++;

        public static void Disarm(ref Machine self, int cpu) => self.Sent ^= 0x100;

        public static void Rearm(ref Machine self, int cpu) => self.Sent ^= 0x200;

        public static ulong ThreadOn(ref Machine self, int cpu) => (ulong)cpu + 1;

        public static bool IsWanted(ref Machine self, int cpu) => self._now % 7 != 0;

        public static bool TryTakeBreakIn(ref Machine self, int cpu) => self._now % 11 == 0;

        public static TrapRemoval RemoveTrap(ref Machine self, int cpu, ulong address) =>
            address % 2 == 0 ? TrapRemoval.Removed : TrapRemoval.AlreadyGone;
    }
}
