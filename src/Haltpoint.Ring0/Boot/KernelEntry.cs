using System;
using System.Runtime.InteropServices;
using Haltpoint.Ring0.Acpi;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Debugging;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Logging;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Serial;
using Haltpoint.Ring0.Threads;
using Haltpoint.Ring0.Time;

namespace Haltpoint.Ring0.Boot;

/// <summary>The first C# that runs: on the boot processor, with the loader's tables and interrupts off.</summary>
internal static unsafe class KernelEntry
{
    private const int ConsoleInterrupt = 4;
    private const int DebugInterrupt = 3;
    private const uint UpStatus = 16;

    [UnmanagedCallersOnly(EntryPoint = "kernel_start")]
    private static void Start(uint loader, ulong handedOver)
    {
        SerialConsole.Start();
        ulong rootPointer = Loader.Read(loader, DirectMap.At(handedOver));
        ReadOnlySpan<byte> missing = MachineDescription.Read(rootPointer);

        PageTables.Build();
        PageTables.Load();
        InterruptTable.Fill();
        LocalApic.Find();
        Cpu* cpu = SecondaryCpus.Describe(missing.IsEmpty ? MachineDescription.Processors : default);
        CpuTable.MakeCurrent(cpu);
        ThreadTable.AdoptIdle(cpu, ImageLayout.BootStackTop());
        if (!missing.IsEmpty)
        {
            Panic.Now(missing);
        }

        LegacyPic.Silence();
        LocalApic.Start();
        IoApic.Start(MachineDescription.IoApicAddress, MachineDescription.IoApicFirstLine);
        Clock.Calibrate();
        Log.Write($"Haltpoint kernel, {MemoryMap.Total >> 20} MiB, {CpuTable.Count} CPUs, {(LocalApic.IsX2 ? "x2APIC"u8 : "xAPIC"u8)}");
        if (MachineDescription.ProcessorsLeftOut > 0)
        {
            Log.Write($"{MachineDescription.ProcessorsLeftOut} CPUs more stay off: {Cpu.Max} is the most");
        }

        BreakpointTable.Start();
        CpuTable.SetOnline(cpu);
        Debugger.CpuOnline(cpu);
        CpuBanks.CpuOnline(cpu);
        SecondaryCpus.Start();
        Clock.StartTicks();
        IoApic.Route(MachineDescription.LineOf(ConsoleInterrupt), Vectors.Com1, cpu->ApicId);
        IoApic.Route(MachineDescription.LineOf(DebugInterrupt), Vectors.Com2, cpu->ApicId);
        SerialConsole.EnableInput();
        DebugPort.Port.Start();
        DebugPort.Port.EnableReceiveInterrupt();
        if (BootOptions.ExitsWhenUp)
        {
            EmulatorExit.Fail(UpStatus);
        }

        if (!BootOptions.Trace.IsEmpty)
        {
            ThreadTable.Start("traced"u8, &Shell.TracedBoot.Run, 0);
        }
        else
        {
            ThreadTable.Start("shell"u8, &Shell.ShellThread.Run, 0);
        }

        Idle.Run(cpu);
    }
}
