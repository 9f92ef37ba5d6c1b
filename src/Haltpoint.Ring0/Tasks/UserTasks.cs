using System;
using System.Runtime.CompilerServices;
using Haltpoint.Ring0.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Tasks;

/// <summary>All user tasks: how they come, change and go.</summary>
internal static unsafe class UserTasks
{
    public const int Capacity = 64;

    /// <summary>The parent of a task that the kernel started and waits for.</summary>
    public const int Kernel = -1;

    private const ulong InterruptsOn = 0x202;

    private static Storage s_tasks;
    private static WaitQueue s_changes;
    private static int s_lastId;

    /// <summary>Told at every change of a task's state; its lock guards them.</summary>
    public static ref WaitQueue Changes => ref s_changes;

    public static UserTask* At(int index)
    {
        fixed (UserTask* tasks = (Span<UserTask>)s_tasks)
        {
            return tasks + index;
        }
    }

    /// <summary>With the lock held.</summary>
    /// <returns>Null when there is none.</returns>
    public static UserTask* Find(int id)
    {
        for (int i = 0; i < Capacity; i++)
        {
            if (At(i)->State != UserTaskState.Free && At(i)->Id == id)
            {
                return At(i);
            }
        }

        return null;
    }

    /// <summary>Starts a program that has no parent.</summary>
    /// <returns>Its number, or an error.</returns>
    public static int Start(ReadOnlySpan<byte> name, ReadOnlySpan<byte> argument)
    {
        ReadOnlySpan<byte> file = Programs.Find(name);
        if (file.IsEmpty)
        {
            return (int)Errors.NoEntry;
        }

        AddressSpace space = default;
        if (!ProgramLoader.TryLoad(file, name, argument, ref space, out ulong entry, out ulong stack))
        {
            space.Free();
            return (int)Errors.NotAProgram;
        }

        FrameAndState first = default;
        first.Frame.Cs = Descriptors.UserCodeSelector;
        first.Frame.Ss = Descriptors.UserDataSelector;
        first.Frame.Rflags = InterruptsOn;
        first.Frame.Rip = entry;
        first.Frame.Rsp = stack;
        FloatingPoint.Initialise(first.State);
        UserTask* task = Create(name, space, &first.Frame, Kernel);
        if (task == null)
        {
            space.Free();
            return (int)Errors.NoMemory;
        }

        int id = task->Id;
        Scheduler.MakeReady(task->Thread);
        return id;
    }

    /// <summary>The same again, which gets 0 for an answer. It has no debug registers set, and nobody traces it .</summary>
    public static long Fork(UserTask* parent, InterruptFrame* frame)
    {
        AddressSpace space = parent->Space.Copy();
        FrameAndState first = default;
        first.Frame = *frame;
        first.Frame.Rax = 0;
        new ReadOnlySpan<byte>(InterruptFrame.FxState(frame), InterruptFrame.FxSaveSize).CopyTo(new Span<byte>(first.State, InterruptFrame.FxSaveSize));
        UserTask* task = Create(parent->Thread->Name, space, &first.Frame, parent->Id);
        if (task == null)
        {
            space.Free();
            return Errors.NoMemory;
        }

        int id = task->Id;
        Scheduler.MakeReady(task->Thread);
        return id;
    }

    /// <summary>The calling task becomes another program. Its debug registers are flushed .</summary>
    public static long Execute(UserTask* task, InterruptFrame* frame, ReadOnlySpan<byte> name, ReadOnlySpan<byte> argument)
    {
        ReadOnlySpan<byte> file = Programs.Find(name);
        if (file.IsEmpty)
        {
            return Errors.NoEntry;
        }

        AddressSpace space = default;
        if (!ProgramLoader.TryLoad(file, name, argument, ref space, out ulong entry, out ulong stack))
        {
            space.Free();
            return Errors.NotAProgram;
        }

        Tracing.Flush(task);
        AddressSpace old = task->Space;
        ulong flags = Instructions.DisableInterrupts();
        task->Space = space;
        AddressSpace.Load(Instructions.Current(), space.TopEntry);
        Instructions.RestoreInterrupts(flags);
        old.Free();
        task->Thread->SetName(name);
        new Span<byte>(frame, sizeof(InterruptFrame)).Clear();
        frame->Cs = Descriptors.UserCodeSelector;
        frame->Ss = Descriptors.UserDataSelector;
        frame->Rflags = InterruptsOn;
        frame->Rip = entry;
        frame->Rsp = stack;
        new Span<byte>(InterruptFrame.FxState(frame), InterruptFrame.FxSaveSize).Clear();
        FloatingPoint.Initialise(InterruptFrame.FxState(frame));
        if (task->Tracer != 0)
        {
            Stop(task, Signals.Trap);
        }

        return 0;
    }

    /// <summary>The calling task ends. Does not return.</summary>
    public static void End(UserTask* task, int status, int signal)
    {
        Instructions.RestoreInterrupts(InterruptsOn);
        UserWatches.End(task->Id);
        AddressSpace space = task->Space;
        Instructions.DisableInterrupts();
        AddressSpace.Load(Instructions.Current(), 0);
        task->Space = default;
        space.Free();

        ulong flags = s_changes.Lock.Enter();
        for (int i = 0; i < Capacity; i++)
        {
            UserTask* other = At(i);
            if (other->State == UserTaskState.Free)
            {
                continue;
            }

            if (other->Tracer == task->Id)
            {
                other->Tracer = 0;
                Resume(other);
            }

            if (other->Parent == task->Id)
            {
                other->Parent = 0;
                other->State = other->State == UserTaskState.Ended ? UserTaskState.Free : other->State;
            }
        }

        task->ExitStatus = status;
        task->Signal = signal;
        task->IsReported = false;

        // The thread of it goes on for some instructions, and uses the task no more.
        KernelThread* thread = task->Thread;
        thread->Task = null;
        task->State = task->Parent == 0 ? UserTaskState.Free : UserTaskState.Ended;
        s_changes.WakeAll();
        s_changes.Lock.Exit(flags);
        Scheduler.EndCurrent();
    }

    /// <summary>Holds the calling task for its tracer until that lets it go on.</summary>
    public static void Stop(UserTask* task, int signal)
    {
        ulong flags = s_changes.Lock.Enter();
        task->State = UserTaskState.Stopped;
        task->Signal = signal;
        task->IsReported = false;
        s_changes.WakeAll();
        while (task->State == UserTaskState.Stopped)
        {
            flags = s_changes.Wait(flags);
        }

        s_changes.Lock.Exit(flags);
    }

    /// <summary>With the lock held.</summary>
    public static void Resume(UserTask* task)
    {
        if (task->State == UserTaskState.Stopped)
        {
            task->State = UserTaskState.Runs;
            s_changes.WakeAll();
        }
    }

    /// <summary>Called with interrupts off, the new thread being the current one: its stack for what comes from user mode, and its memory.</summary>
    public static void Switch(Cpu* cpu)
    {
        KernelThread* thread = cpu->Current;
        cpu->KernelStack = thread->StackTop;
        cpu->TaskState.PrivilegeStacks[0] = thread->StackTop;
        AddressSpace.Load(cpu, thread->Task == null ? 0 : thread->Task->Space.TopEntry);
    }

    private static UserTask* Create(ReadOnlySpan<byte> name, in AddressSpace space, InterruptFrame* frame, int parent)
    {
        KernelThread* thread = ThreadTable.CreateUser(name, frame);
        if (thread == null)
        {
            return null;
        }

        ulong flags = s_changes.Lock.Enter();
        UserTask* task = null;
        for (int i = 0; i < Capacity && task == null; i++)
        {
            task = At(i)->State == UserTaskState.Free ? At(i) : null;
        }

        if (task != null)
        {
            *task = new UserTask { Id = ++s_lastId, State = UserTaskState.Runs, Thread = thread, Space = space, Parent = parent };
            thread->Task = task;
        }
        else
        {
            thread->State = ThreadState.Free;
        }

        s_changes.Lock.Exit(flags);
        return task;
    }

    [InlineArray(Capacity)]
    private struct Storage
    {
        private UserTask _first;
    }

    // As on a stack: the state of the arithmetic right below the frame.
    private struct FrameAndState
    {
        public fixed byte State[InterruptFrame.FxSaveSize];
        public InterruptFrame Frame;
    }
}
