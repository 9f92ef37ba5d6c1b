using System;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Serial;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Tasks;

/// <summary>What a program asks of the kernel with <c>int 0x80</c>: the number in rax, arguments in rdi, rsi, rdx and r10, the answer in rax. Programs/program.h is the other side.</summary>
/// <remarks>On the thread's own stack, interrupts on. All other registers stay as they are.</remarks>
internal static unsafe class SystemCalls
{
    private const int MaxText = 64;
    private const int MaxWrite = 256;
    private const ulong InterruptFlag = 1 << 9;

    public static void Handle(Cpu* cpu, InterruptFrame* frame)
    {
        UserTask* task = cpu->Current->Task;
        Instructions.RestoreInterrupts(InterruptFlag);
        long answer = Do(task, frame);
        Instructions.DisableInterrupts();
        frame->Rax = (ulong)answer;
        UserTraps.Leave(task);
    }

    /// <summary>To memory of the calling task.</summary>
    /// <returns>0, or an error.</returns>
    public static long CopyOut(ulong address, void* from, ulong length) =>
        IsUsers(address, length) && SafeMemory.Copy((void*)address, from, length) == length ? 0 : Errors.BadAddress;

    private static long Do(UserTask* task, InterruptFrame* frame)
    {
        switch (frame->Rax)
        {
            case 0:
                UserTasks.End(task, (int)frame->Rdi & 0xFF, 0);
                return 0;
            case 1:
                return Write(frame->Rdi, frame->Rsi);
            case 2:
                return UserTasks.Fork(task, frame);
            case 3:
                return Execute(task, frame);
            case 4:
                return Waiting.ForChange(task, (int)frame->Rdi, frame->Rsi);
            case 5:
                return task->Id;
            case 6:
                Instructions.Reschedule();
                return 0;
            case 7:
                return BeTraced(task);
            case 8:
                return StopSelf(task);
            case 9:
                return Tracing.Do(task, (Tracing.Request)frame->Rdi, (int)frame->Rsi, frame->Rdx, frame->R10);
            case 10:
                return OpenWatch(task, frame);
            case 11:
                return UserWatches.Close(task, (int)frame->Rdi);
            case 12:
                return UserWatches.Count(task, (int)frame->Rdi);
            case 13:
                Scheduler.Sleep((int)(frame->Rdi & 0xFFFF));
                return 0;
            default:
                return Errors.NoCall;
        }
    }

    private static long Write(ulong address, ulong length)
    {
        if (!IsUsers(address, length))
        {
            return Errors.BadAddress;
        }

        byte* part = stackalloc byte[MaxWrite];
        ulong done = 0;
        while (done < length)
        {
            ulong count = Math.Min(length - done, MaxWrite);
            if (SafeMemory.Copy(part, (void*)(address + done), count) != count)
            {
                return Errors.BadAddress;
            }

            SerialConsole.Write(new ReadOnlySpan<byte>(part, (int)count));
            done += count;
        }

        return (long)done;
    }

    private static long Execute(UserTask* task, InterruptFrame* frame)
    {
        byte* name = stackalloc byte[MaxText];
        byte* argument = stackalloc byte[MaxText];
        int nameLength = CopyText(frame->Rdi, name);
        int argumentLength = frame->Rsi == 0 ? 0 : CopyText(frame->Rsi, argument);
        if (nameLength < 0 || argumentLength < 0)
        {
            return Errors.BadAddress;
        }

        return UserTasks.Execute(task, frame, new ReadOnlySpan<byte>(name, nameLength), new ReadOnlySpan<byte>(argument, argumentLength));
    }

    private static long BeTraced(UserTask* task)
    {
        ulong flags = UserTasks.Changes.Lock.Enter();
        bool isPossible = task->Tracer == 0 && task->Parent != 0;
        task->Tracer = isPossible ? task->Parent : task->Tracer;
        UserTasks.Changes.Lock.Exit(flags);
        return isPossible ? 0 : Errors.NotPermitted;
    }

    private static long StopSelf(UserTask* task)
    {
        if (task->Tracer == 0)
        {
            return Errors.NotPermitted;
        }

        UserTasks.Stop(task, Signals.Stop);
        return 0;
    }

    // Of the task itself, or of one that it traces and that is stopped.
    private static long OpenWatch(UserTask* task, InterruptFrame* frame)
    {
        ulong flags = UserTasks.Changes.Lock.Enter();
        UserTask* other = UserTasks.Find((int)frame->Rdi);
        bool isAllowed = other != null && (other == task || (other->Tracer == task->Id && other->State == UserTaskState.Stopped));
        UserTasks.Changes.Lock.Exit(flags);
        return isAllowed ? UserWatches.Open(task, other, frame->Rsi, frame->Rdx, frame->R10) : Errors.NoTask;
    }

    private static bool IsUsers(ulong address, ulong length) => address < AddressSpace.End && length <= AddressSpace.End - address;

    // Up to its zero; what is longer than the room is refused.
    private static int CopyText(ulong address, byte* into)
    {
        for (int length = 0; length < MaxText; length++)
        {
            if (!IsUsers(address + (ulong)length, 1) || SafeMemory.Copy(into + length, (void*)(address + (ulong)length), 1) != 1)
            {
                return -1;
            }

            if (into[length] == 0)
            {
                return length;
            }
        }

        return -1;
    }
}
