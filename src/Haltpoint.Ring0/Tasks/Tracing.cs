using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Tasks;

/// <summary>What one task may do with another that it traces and that is stopped.</summary>
internal static unsafe class Tracing
{
    private const ulong TrapFlag = 1 << 8;
    private const ulong ResumeFlag = 1 << 16;

    public enum Request
    {
        Continue = 0,
        Step = 1,
        ReadRegister = 2,
        WriteRegister = 3,
        ReadMemory = 4,
        WriteMemory = 5,
        Kill = 6,
        Detach = 7,

        /// <summary>Address of the next instruction.</summary>
        ReadCounter = 8,
    }

    /// <param name="self">The tracer.</param>
    /// <param name="request">What to do.</param>
    /// <param name="id">With whom.</param>
    /// <param name="address">Of memory, or the number of a debug register.</param>
    /// <param name="data">What to write, or where in the tracer the answer goes; with Continue, Step and Detach a signal to go on with, or 0.</param>
    public static long Do(UserTask* self, Request request, int id, ulong address, ulong data)
    {
        ulong flags = UserTasks.Changes.Lock.Enter();
        UserTask* task = UserTasks.Find(id);
        bool isHeld = task != null && task->Tracer == self->Id && task->State == UserTaskState.Stopped;
        UserTasks.Changes.Lock.Exit(flags);
        if (!isHeld)
        {
            return Errors.NoTask;
        }

        // Nobody but this task can let it go on, so it stays as it is.
        InterruptFrame* frame = FrameOf(task);
        ulong value = 0;
        switch (request)
        {
            case Request.ReadRegister:
                Read(task, (int)address, out value);
                return SystemCalls.CopyOut(data, &value, sizeof(ulong));
            case Request.WriteRegister:
                return Write(task, (int)address, data);
            case Request.ReadMemory:
                return ReadWord(task, address, ref value) ? SystemCalls.CopyOut(data, &value, sizeof(ulong)) : Errors.BadAddress;
            case Request.WriteMemory:
                return task->Space.TryWrite(address, new System.ReadOnlySpan<byte>(&data, sizeof(ulong))) ? 0 : Errors.BadAddress;
            case Request.ReadCounter:
                value = frame->Rip;
                return SystemCalls.CopyOut(data, &value, sizeof(ulong));
            case Request.Continue:
            case Request.Step:
            case Request.Detach:
                task->IsStepping = request == Request.Step;
                frame->Rflags = task->IsStepping ? frame->Rflags | TrapFlag : frame->Rflags & ~TrapFlag;
                return Release(task, data != 0, request == Request.Detach);
            case Request.Kill:
                return Release(task, isKilled: true, detaches: false);
            default:
                return Errors.NoRegister;
        }
    }

    /// <summary>A debug exception of the task in user mode.</summary>
    /// <param name="cpu">Where.</param>
    /// <param name="frame">The registers.</param>
    /// <param name="task">Whose.</param>
    /// <param name="status">What happened; afterwards without what is the task's own.</param>
    /// <returns>Its tracer is to be told .</returns>
    public static bool TakeHits(Cpu* cpu, InterruptFrame* frame, UserTask* task, ref ulong status)
    {
        const ulong stepBit = 1 << 14;
        bool isStep = (status & stepBit) != 0 && task->IsStepping;
        bool isHit = isStep;
        task->Registers.BeginException(isStep);
        if (isStep)
        {
            status &= ~stepBit;
            task->IsStepping = false;
            frame->Rflags &= ~TrapFlag;
        }

        CpuBank* bank = CpuBanks.At(cpu->Index);
        for (int slot = 0; slot < 4; slot++)
        {
            if ((status >> slot & 1) != 0 && task->Registers.TryRecordHit(bank->Desired.OwnerOf(slot)))
            {
                status &= ~(1UL << slot);
                isHit = true;
                if (bank->Desired.AccessOf(slot) == AccessKind.Execute)
                {
                    frame->Rflags |= ResumeFlag;
                }
            }
        }

        return isHit;
    }

    /// <summary>The task becomes another program, and what was set in it means nothing there.</summary>
    public static void Flush(UserTask* task)
    {
        if (!task->HasRegisters)
        {
            return;
        }

        ulong flags = Instructions.DisableInterrupts();
        task->Registers.Flush(BreakpointTable.Pool, SlotWait.ForLock);
        Instructions.RestoreInterrupts(flags);
        CpuBanks.Spread(ulong.MaxValue, task->ThreadIndex);
        BreakpointTable.CountThread(task->ThreadIndex, -1);
        task->HasRegisters = false;
    }

    private static void Read(UserTask* task, int register, out ulong value)
    {
        ulong flags = Instructions.DisableInterrupts();
        task->Registers.Read(BreakpointTable.Pool, register, SlotWait.ForLock, out value);
        Instructions.RestoreInterrupts(flags);
    }

    private static long Write(UserTask* task, int register, ulong value)
    {
        if (!task->HasRegisters)
        {
            BreakpointTable.CountThread(task->ThreadIndex, 1);
            task->HasRegisters = true;
        }

        ulong flags = Instructions.DisableInterrupts();
        SlotStatus status = task->Registers.Write(BreakpointTable.Pool, task->ThreadIndex, register, value, SlotWait.ForLock);
        Instructions.RestoreInterrupts(flags);
        CpuBanks.Spread(ulong.MaxValue, task->ThreadIndex);
        return Errors.Of(status);
    }

    private static bool ReadWord(UserTask* task, ulong address, ref ulong value)
    {
        fixed (ulong* word = &value)
        {
            for (int i = 0; i < sizeof(ulong); i++)
            {
                if (!task->Space.TryTranslate(address + (ulong)i, out byte* at))
                {
                    return false;
                }

                ((byte*)word)[i] = *at;
            }
        }

        return true;
    }

    private static long Release(UserTask* task, bool isKilled, bool detaches)
    {
        ulong flags = UserTasks.Changes.Lock.Enter();
        task->IsKilled |= isKilled;
        task->Tracer = detaches ? 0 : task->Tracer;
        UserTasks.Resume(task);
        UserTasks.Changes.Lock.Exit(flags);
        return 0;
    }

    // A stopped task came from user mode: its registers are at the top of its stack.
    private static InterruptFrame* FrameOf(UserTask* task) => (InterruptFrame*)task->Thread->StackTop - 1;
}
