using System.Numerics;
using System.Threading;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;

namespace Haltpoint.Ring0.Memory;

/// <summary>Makes every CPU forget the translations of addresses that it has cached, after entries were taken away.</summary>
internal static unsafe class TranslationFlush
{
    private static long s_requests;

    /// <summary>Returns when no CPU uses any more what the tables no longer say.</summary>
    /// <remarks>The caller holds no lock: whoever waits for one with interrupts off does not answer. Two callers answer each other.</remarks>
    public static void Everywhere()
    {
        long request = Interlocked.Add(ref s_requests, 1);
        ulong flags = Instructions.DisableInterrupts();
        Cpu* self = Instructions.Current();
        ulong others = CpuTable.Online & ~(1UL << self->Index);
        for (ulong left = others; left != 0; left &= left - 1)
        {
            LocalApic.Send(CpuTable.At(BitOperations.TrailingZeroCount(left))->ApicId, Vectors.Flush);
        }

        Follow(self);

        // Whoever has to answer may itself wait for an interrupt of ours to be taken.
        Instructions.RestoreInterrupts(flags);
        for (ulong left = others; left != 0; left &= left - 1)
        {
            Cpu* cpu = CpuTable.At(BitOperations.TrailingZeroCount(left));
            while (Volatile.Read(ref cpu->FlushesDone) < request)
            {
                FollowHere();
                Instructions.Pause();
            }
        }
    }

    private static void FollowHere()
    {
        ulong flags = Instructions.DisableInterrupts();
        Follow(Instructions.Current());
        Instructions.RestoreInterrupts(flags);
    }

    /// <summary>What has been asked for up to now is done on this CPU. Interrupts off.</summary>
    public static void Follow(Cpu* cpu)
    {
        long requests = Volatile.Read(ref s_requests);
        if (cpu->FlushesDone != requests)
        {
            // No entry is global, so that this forgets them all (SDM volume 3, section 4.10.4.1).
            Instructions.WritePageRoot(cpu->PageRoot);
            Volatile.Write(ref cpu->FlushesDone, requests);
        }
    }
}
