using System.Runtime.InteropServices;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Devices;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Serial;
using Haltpoint.Ring0.Tasks;
using Haltpoint.Ring0.Threads;
using Haltpoint.Ring0.Watchdogs;

namespace Haltpoint.Ring0.Interrupts;

/// <summary>Where Entries.S goes with each interrupt and exception, interrupts off, on the stack of what was interrupted or on the vector's own.</summary>
internal static unsafe class InterruptDispatch
{
    /// <returns>The frame to go on with: this one, or that of the thread to run next.</returns>
    [UnmanagedCallersOnly(EntryPoint = "interrupt_dispatch")]
    private static InterruptFrame* Dispatch(InterruptFrame* frame)
    {
        Cpu* cpu = Instructions.Current();
        int vector = (int)frame->Vector;
        if (vector < Vectors.FirstInterrupt)
        {
            return Exceptions.Handle(cpu, frame);
        }

        switch (vector)
        {
            case Vectors.Reschedule:
                return Scheduler.Switch(cpu, frame);
            case Vectors.SystemCall:
                SystemCalls.Handle(cpu, frame);
                return frame;
            case Vectors.Timer:
                LocalApic.EndInterrupt();
                WatchdogTick.Run(cpu, frame);
                return Scheduler.Tick(cpu, frame);
            case Vectors.Wakeup:
                LocalApic.EndInterrupt();
                return Scheduler.Preempt(cpu, frame);
            case Vectors.Flush:
                LocalApic.EndInterrupt();
                TranslationFlush.Follow(cpu);
                return frame;
            case Vectors.Breakpoints:
                LocalApic.EndInterrupt();
                CpuBanks.Notice(cpu);
                return frame;
            case Vectors.Edu:
                EduDriver.Interrupt();
                LocalApic.EndInterrupt();
                return frame;
            case Vectors.Com1:
                LocalApic.EndInterrupt();
                SerialConsole.Receive();
                return frame;
            case Vectors.Com2:
                LocalApic.EndInterrupt();
                DebugPort.Receive(frame);
                return frame;
            case Vectors.Spurious:
            case >= Vectors.Pic and < Vectors.PicEnd:
                // Neither awaits an end-of-interrupt (SDM volume 3, section 10.9).
                cpu->SpuriousInterrupts++;
                return frame;
            default:
                LocalApic.EndInterrupt();
                cpu->SpuriousInterrupts++;
                return frame;
        }
    }
}
