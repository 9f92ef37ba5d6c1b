using System;
using System.Collections.Generic;
using System.Linq;
using Haltpoint.Breakpoints.Slots;

namespace Haltpoint.Core.Tests.Breakpoints.Slots;

/// <summary>A request as the rule sees it.</summary>
/// <param name="Cpus">One bit per CPU.</param>
/// <param name="Task">Negative for whatever runs.</param>
internal sealed record ModelRequest(SlotClass Class, UInt128 Cpus, int Task, bool IsFlexible);

/// <summary>
/// The rule of A-74 by looking at every choice of tasks on every bank: no counts, no histograms, nothing shared with the code
/// under test. Flexible requests that can apply need one register between them.
/// </summary>
internal sealed class SlotModel(int dataSlots, int instructionSlots, int cpus, int sharedBy)
{
    public List<ModelRequest> Held { get; } = [];

    public bool Fits(ModelRequest extra)
    {
        Held.Add(extra);
        bool fits = true;
        for (int bank = 0; fits && bank < (cpus + sharedBy - 1) / sharedBy; bank++)
        {
            fits = WorstDemand(extra.Class, bank) <= (extra.Class == SlotClass.Instruction ? instructionSlots : dataSlots);
        }

        Held.RemoveAt(Held.Count - 1);
        return fits;
    }

    private int WorstDemand(SlotClass slots, int bank)
    {
        UInt128 siblings = ((UInt128.One << sharedBy) - 1) << (bank * sharedBy);
        List<ModelRequest> here = Held.Where(r => r.Class == slots && (r.Cpus & siblings) != 0).ToList();
        int[] tasks = here.Where(r => r.Task >= 0).Select(r => r.Task).Distinct().ToArray();
        int pinned = here.Count(r => r.Task < 0 && !r.IsFlexible);
        bool isFlexible = here.Exists(r => r.Task < 0 && r.IsFlexible);
        return pinned + Worst(here, tasks, bank * sharedBy, 0, 0, isFlexible);
    }

    // Tries every task, and none, on one sibling after the other; a task runs on one of them at a time.
    private int Worst(List<ModelRequest> here, int[] tasks, int firstCpu, int sibling, ulong running, bool isFlexible)
    {
        if (sibling == sharedBy)
        {
            return isFlexible ? 1 : 0;
        }

        int worst = Worst(here, tasks, firstCpu, sibling + 1, running, isFlexible);
        for (int i = 0; i < tasks.Length; i++)
        {
            if ((running & (1ul << i)) == 0)
            {
                int pinned = 0;
                bool flexible = isFlexible;
                foreach (ModelRequest request in here)
                {
                    if (request.Task == tasks[i] && (request.Cpus & (UInt128.One << (firstCpu + sibling))) != 0)
                    {
                        pinned += request.IsFlexible ? 0 : 1;
                        flexible |= request.IsFlexible;
                    }
                }

                worst = Math.Max(worst, pinned + Worst(here, tasks, firstCpu, sibling + 1, running | (1ul << i), flexible));
            }
        }

        return worst;
    }
}
