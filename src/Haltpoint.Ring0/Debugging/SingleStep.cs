using System;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Debugging;

/// <summary>One instruction of a thread, by the trap flag, without interrupts and without a trace of either flag in what the program sees.</summary>
internal static unsafe class SingleStep
{
    public const ulong TrapFlag = 1 << 8;
    public const ulong InterruptFlag = 1 << 9;

    private const int LongestInstruction = 15;
    private const ulong HaltLength = 1;

    /// <summary>Prepares a step. No interrupt can wake what it sleeps in, so that such an instruction is skipped first.</summary>
    public static void Begin(int cpu, InterruptFrame* frame, KernelThread* thread)
    {
        StepRecord* record = RecordAt(cpu);
        record->Thread = thread;
        record->Form = FormAt(frame->Rip);
        record->InterruptFlag = frame->Rflags & InterruptFlag;
        frame->Rflags = (frame->Rflags & ~InterruptFlag) | TrapFlag;
    }

    /// <summary>Goes on behind an instruction that sleeps until an interrupt, as if one had come.</summary>
    /// <returns>False for any other instruction.</returns>
    public static bool TrySkipHalt(InterruptFrame* frame)
    {
        bool halts = FormAt(frame->Rip) == StepForm.Halts;
        frame->Rip += halts ? HaltLength : 0;
        return halts;
    }

    /// <summary>Ends the step of the thread that was interrupted by #DB or another exception, on the CPU where it ran.</summary>
    /// <returns>False when it made none.</returns>
    public static bool TryEnd(int cpu, InterruptFrame* frame, KernelThread* thread)
    {
        StepRecord* record = Find(cpu, thread);
        if (record == null || ((frame->Rflags & TrapFlag) == 0 && record->Form != StepForm.Loads))
        {
            return false;
        }

        // After a fault the instruction is still to come, and has changed nothing.
        bool isDone = frame->Vector == Vectors.Debug;
        if (isDone && record->Form == StepForm.Pushes)
        {
            ulong pushed = 0;
            if (SafeMemory.Copy(&pushed, (void*)frame->Rsp, sizeof(ulong)) == sizeof(ulong))
            {
                pushed = (pushed & ~(TrapFlag | InterruptFlag)) | record->InterruptFlag;
                SafeMemory.Write(frame->Rsp, (byte*)&pushed, sizeof(ulong));
            }
        }

        Restore(record, frame, isDone && record->Form == StepForm.Loads);
        return true;
    }

    /// <summary>Takes a step back that has not been made: its CPU was stopped before.</summary>
    public static void Cancel(int cpu, InterruptFrame* frame, KernelThread* thread)
    {
        StepRecord* record = Find(cpu, thread);
        if (record != null && (frame->Rflags & TrapFlag) != 0)
        {
            Restore(record, frame, keepsInterruptFlag: false);
        }
    }

    private static void Restore(StepRecord* record, InterruptFrame* frame, bool keepsInterruptFlag)
    {
        frame->Rflags &= ~TrapFlag;
        if (!keepsInterruptFlag)
        {
            frame->Rflags = (frame->Rflags & ~InterruptFlag) | record->InterruptFlag;
        }

        record->Thread = null;
    }

    /// <summary>The step of a CPU; one that went through a gate is the thread's, wherever that goes on.</summary>
    private static StepRecord* Find(int cpu, KernelThread* thread)
    {
        StepRecord* own = RecordAt(cpu);
        if (own->Thread != null && own->Form != StepForm.Interrupts)
        {
            return own;
        }

        for (int i = 0; i < Cpu.Max; i++)
        {
            StepRecord* record = RecordAt(i);
            if (record->Thread == thread && record->Form == StepForm.Interrupts)
            {
                return record;
            }
        }

        return null;
    }

    private static StepForm FormAt(ulong address)
    {
        byte* code = stackalloc byte[LongestInstruction];
        int length = (int)SafeMemory.Copy(code, (void*)address, LongestInstruction);
        int at = 0;
        while (at < length && IsPrefix(code[at]))
        {
            at++;
        }

        return at == length ? StepForm.Ordinary : code[at] switch
        {
            0x9C => StepForm.Pushes,
            0x9D or 0xCF or 0xFA or 0xFB => StepForm.Loads,
            0xF4 => StepForm.Halts,
            0xCD => StepForm.Interrupts,
            _ => StepForm.Ordinary,
        };
    }

    // Legacy prefixes and REX (SDM volume 2, section 2.1).
    private static bool IsPrefix(byte value) =>
        value is 0x66 or 0x67 or 0xF0 or 0xF2 or 0xF3 or 0x2E or 0x36 or 0x3E or 0x26 or 0x64 or 0x65 or (>= 0x40 and <= 0x4F);

    private static StepRecord* RecordAt(int cpu)
    {
        fixed (StepRecord* records = (Span<StepRecord>)DebugStorage.At->Steps)
        {
            return records + cpu;
        }
    }
}
