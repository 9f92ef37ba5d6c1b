using System.Runtime.CompilerServices;
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

/// <summary>What interrupts other than exceptions do. No exception comes through here on its way to the debugger, so that breakpoints may be set in it.</summary>
internal static unsafe class DeviceInterrupts
{
    /// <returns>The frame to go on with: this one, or that of the thread to run next.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static InterruptFrame* Handle(Cpu* cpu, InterruptFrame* frame, int vector)
    {
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
            case Vectors.DebuggerWake: // for a CPU that had woken up otherwise
                LocalApic.EndInterrupt();
                return frame;
            default:
                LocalApic.EndInterrupt();
                cpu->SpuriousInterrupts++;
                return frame;
        }
    }
}
