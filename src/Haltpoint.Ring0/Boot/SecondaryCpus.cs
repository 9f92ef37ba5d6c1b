using System;
using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Debugging;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Logging;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Threads;
using Haltpoint.Ring0.Time;

namespace Haltpoint.Ring0.Boot;

/// <summary>Brings every processor that ACPI names to its idle thread (SDM volume 3, section 8.4.4).</summary>
internal static unsafe class SecondaryCpus
{
    private const ulong StartUpPage = 0x8000;
    private const uint InitMicroseconds = 10_000;
    private const uint RetryMicroseconds = 20_000;
    private const uint PatienceMicroseconds = 5_000_000;

    /// <summary>Makes the list of CPUs.</summary>
    /// <param name="apicIds">Empty when nothing is known: then there is this one.</param>
    /// <returns>The calling processor, which is always the first.</returns>
    public static Cpu* Describe(ReadOnlySpan<uint> apicIds)
    {
        uint own = LocalApic.OwnId();
        Cpu* self = CpuTable.Add(own);
        foreach (uint apicId in apicIds)
        {
            if (apicId != own && CpuTable.Count < Cpu.Max)
            {
                CpuTable.Add(apicId);
            }
        }

        return self;
    }

    /// <summary>Starts all the others at once, and waits for them; who does not answer is named, and may still come later.</summary>
    public static void Start() => Start(1, BootOptions.HasLateCpu ? CpuTable.Count - 1 : CpuTable.Count);

    /// <summary>Starts the one that was left off.</summary>
    public static void StartLate() => Start(CpuTable.Count - 1, CpuTable.Count);

    private static void Start(int first, int end)
    {
        if (first >= end)
        {
            return;
        }

        if (!MemoryMap.Contains(StartUpPage, StartUpPage + PageTables.PageSize))
        {
            Log.Write($"no memory at {StartUpPage:x} for the other CPUs to start in: they stay off");
            return;
        }

        new ReadOnlySpan<byte>(ImageLayout.Trampoline(), (int)(ImageLayout.TrampolineEnd() - ImageLayout.Trampoline()))
            .CopyTo(new Span<byte>(DirectMap.At(StartUpPage), (int)PageTables.PageSize));
        AwaitedCpu* awaited = ImageLayout.AwaitedCpus();
        for (int i = first; i < end; i++)
        {
            Cpu* cpu = CpuTable.At(i);
            awaited[i].ApicId = cpu->ApicId;
            awaited[i].Cpu = cpu;
            awaited[i].PageRoot = cpu->PageRoot;
            awaited[i].StackTop = StackArea.Allocate();
            LocalApic.SendInit(cpu->ApicId);
        }

        Clock.Delay(InitMicroseconds);
        SendStartUp(first, end);
        if (!TryWait(end, RetryMicroseconds))
        {
            // The processor that has started ignores the second one.
            SendStartUp(first, end);
            TryWait(end, PatienceMicroseconds);
        }

        for (int i = first; i < end; i++)
        {
            Cpu* cpu = CpuTable.At(i);
            if (Volatile.Read(ref cpu->IsOnline) == 0)
            {
                Log.Write($"CPU {i} (APIC {cpu->ApicId}) does not answer");
            }
        }
    }

    private static void SendStartUp(int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            Cpu* cpu = CpuTable.At(i);
            if (Volatile.Read(ref cpu->IsOnline) == 0)
            {
                LocalApic.SendStartUp(cpu->ApicId, (uint)(StartUpPage / PageTables.PageSize));
            }
        }
    }

    private static bool TryWait(int end, uint microseconds)
    {
        ulong all = ulong.MaxValue >> (64 - end);
        ulong start = Clock.Microseconds;
        while ((CpuTable.Online & all) != all)
        {
            if (Clock.Microseconds - start > microseconds)
            {
                return false;
            }

            Instructions.Pause();
        }

        return true;
    }

    /// <summary>From Trampoline.S, on the processor's own stack, interrupts off.</summary>
    [UnmanagedCallersOnly(EntryPoint = "cpu_start")]
    private static void Run(Cpu* cpu)
    {
        CpuTable.MakeCurrent(cpu);
        LocalApic.Start();
        ThreadTable.AdoptIdle(cpu, ImageLayout.AwaitedCpus()[cpu->Index].StackTop);
        CpuTable.SetOnline(cpu);
        Debugger.CpuOnline(cpu);
        CpuBanks.CpuOnline(cpu);
        Clock.StartTicks();
        Idle.Run(cpu);
    }
}
