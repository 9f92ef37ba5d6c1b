using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.SelfTests;

/// <summary>The nine scenarios that Linux tests its own accounting with (H-1 to H-9), here with registers that must fire where they are granted.</summary>
/// <remarks>With fewer slots than the processor has the rest is held, on every CPU, by requests that are disabled.</remarks>
internal static unsafe class Scenarios
{
    private const int All = Watched.All;
    private const int None = Watched.None;
    private const int Count = 9;

    private static Toucher s_first;
    private static Toucher s_second;
    private static Toucher s_third;

    public static void Run()
    {
        fixed (Toucher* first = &s_first, second = &s_second, third = &s_third)
        {
            if (!Toucher.TryStart(first) || !Toucher.TryStart(second) || !Toucher.TryStart(third))
            {
                Check.That(false, $"three threads more can be started");
                return;
            }

            for (int slots = 1; slots <= DebugControl.SlotCount; slots *= 2)
            {
                for (int number = 1; number <= Count; number++)
                {
                    Run(number, slots);
                }
            }

            Toucher.Stop(first);
            Toucher.Stop(second);
            Toucher.Stop(third);
        }
    }

    private static void Run(int number, int slots)
    {
        if (slots < 3 && number is 6 or 9)
        {
            Check.Skip($"H-{number} with {slots} slots", "Linux asks for 3 slots"u8);
            return;
        }

        if (CpuTable.Count < 2 && number is 7 or 8 or 9)
        {
            Check.Skip($"H-{number} with {slots} slots", "it takes 2 CPUs"u8);
            return;
        }

        for (int i = slots; i < DebugControl.SlotCount; i++)
        {
            SlotFlags off = SlotFlags.Disabled;
            Watched.Take(All, None, off);
            Watched.At(Watched.Count - 1).Task = int.MaxValue; // nobody's: it never fires
        }

        int cur = s_first.Task;
        int oth = s_second.Task;
        switch (number)
        {
            case 1:
                OneCpu(slots, cur);
                break;
            case 2:
                ManyCpus(slots);
                break;
            case 3:
                OneTask(slots, All, cur);
                break;
            case 4:
                TwoTasks(slots, All, cur, oth);
                break;
            case 5:
                OneTask(slots, 0, cur);
                break;
            case 6:
                OneTaskMixed(slots, cur);
                break;
            case 7:
                TwoTasks(slots, 0, cur, oth);
                break;
            case 8:
                OneAndAllCpus(slots, cur, oth);
                break;
            default:
                AllAndOneCpu(slots, cur);
                break;
        }

        Watched.End();
        Check.Case($"H-{number} with {slots} slots");
    }

    private static void Fire()
    {
        // The three lie one after the other only by chance, so each alone.
        fixed (Toucher* first = &s_first, second = &s_second, third = &s_third)
        {
            Watched.FireEverywhere(first, 1);
            Watched.FireEverywhere(second, 1);
            Watched.FireEverywhere(third, 1);
        }
    }

    private static void OneCpu(int slots, int cur)
    {
        Watched.Fill(slots, 0, None);
        Watched.Refuse(All, cur);
        Watched.Refuse(0, None);
        Fire();
    }

    private static void ManyCpus(int slots)
    {
        for (int cpu = 0; cpu < CpuTable.Count; cpu++)
        {
            Watched.Fill(slots, cpu, None);
            Watched.Refuse(cpu, None);
        }

        Fire();
    }

    // H-3 and H-5
    private static void OneTask(int slots, int cpu, int cur)
    {
        int first = Watched.Take(cpu, cur);
        Watched.Fill(slots - 1, cpu, cur);
        Watched.Refuse(All, cur);
        Watched.Refuse(0, cur);
        Watched.Refuse(0, None);
        Fire();
        Watched.Drop(first);
        Watched.Take(0, None);
        Fire();
    }

    // H-4 and H-7
    private static void TwoTasks(int slots, int cpu, int cur, int oth)
    {
        int first = Watched.Take(cpu, cur);
        Watched.Fill(slots - 1, cpu, cur);
        Watched.Fill(slots, cpu, oth);
        RefuseBoth(cur, oth);
        Fire();
        if (cpu == All)
        {
            Watched.Drop(first);
            Watched.Refuse(0, None);
        }
        else
        {
            Watched.Fill(slots, 1, None);
        }

        Fire();
    }

    private static void OneTaskMixed(int slots, int cur)
    {
        int onCpu = Watched.Take(0, cur);
        int first = Watched.Take(All, cur);
        Watched.Fill(slots - 2, All, cur);
        Watched.Refuse(All, cur);
        Watched.Refuse(0, cur);
        Watched.Refuse(0, None);
        Fire();
        Watched.Drop(onCpu);
        Watched.Drop(first);
        Watched.Fill(2, 0, None);
        Watched.Refuse(0, None);
        Fire();
    }

    private static void OneAndAllCpus(int slots, int cur, int oth)
    {
        Watched.Fill(slots, 0, cur);
        Watched.Fill(slots, All, oth);
        RefuseBoth(cur, oth);
        Watched.Refuse(1, None);
        Fire();
    }

    private static void AllAndOneCpu(int slots, int cur)
    {
        Watched.Fill(slots - 2, All, cur);
        int onCpu = Watched.Take(0, cur);
        Watched.Take(All, cur);
        Watched.Refuse(All, cur);
        Watched.Refuse(0, cur);
        Watched.Refuse(0, None);
        int onNext = Watched.Take(1, None);
        Watched.Refuse(1, None);
        Fire();
        Watched.Drop(onCpu);
        Watched.Refuse(All, cur); // CPU 1 is full
        Watched.Drop(onNext);
        Watched.Take(All, cur);
        Watched.Refuse(All, cur);
        Watched.Refuse(0, cur);
        Watched.Refuse(0, None);
        Watched.Refuse(1, None);
        Fire();
    }

    private static void RefuseBoth(int cur, int oth)
    {
        Watched.Refuse(All, cur);
        Watched.Refuse(All, oth);
        Watched.Refuse(0, cur);
        Watched.Refuse(0, oth);
        Watched.Refuse(0, None);
    }
}
