namespace Haltpoint.Ring0.Tasks;

/// <summary>Children and traced tasks that stopped or ended, told once each.</summary>
internal static unsafe class Waiting
{
    private const int Any = -1;
    private const int StoppedMark = 0x7F;

    /// <summary>Waits until a child or a traced task stops or ends.</summary>
    /// <param name="self">Who waits.</param>
    /// <param name="id">For whom; -1 for any.</param>
    /// <param name="statusAddress">Where the answer goes, as Linux's wait gives it; 0 for nowhere.</param>
    /// <returns>Its number, or an error.</returns>
    public static long ForChange(UserTask* self, int id, ulong statusAddress)
    {
        int found = 0;
        int status = 0;
        ulong flags = UserTasks.Changes.Lock.Enter();
        while (true)
        {
            bool hasSome = false;
            for (int i = 0; i < UserTasks.Capacity && found == 0; i++)
            {
                UserTask* task = UserTasks.At(i);
                bool isHis = task->State != UserTaskState.Free && (task->Parent == self->Id || task->Tracer == self->Id) && (id == Any || id == task->Id);
                hasSome |= isHis;
                if (isHis && task->State != UserTaskState.Runs && !task->IsReported)
                {
                    found = Take(task, out status);
                }
            }

            if (found != 0 || !hasSome || self->IsKilled)
            {
                break;
            }

            flags = UserTasks.Changes.Wait(flags);
        }

        UserTasks.Changes.Lock.Exit(flags);
        if (found == 0)
        {
            return Errors.NoChild;
        }

        long copied = statusAddress == 0 ? 0 : SystemCalls.CopyOut(statusAddress, &status, sizeof(int));
        return copied == 0 ? found : copied;
    }

    /// <summary>For the kernel, which started the task.</summary>
    /// <returns>As Linux's wait gives it.</returns>
    public static int ForEnd(int id)
    {
        int status;
        ulong flags = UserTasks.Changes.Lock.Enter();
        UserTask* task = UserTasks.Find(id);
        while (task->State != UserTaskState.Ended)
        {
            flags = UserTasks.Changes.Wait(flags);
        }

        Take(task, out status);
        UserTasks.Changes.Lock.Exit(flags);
        return status;
    }

    private static int Take(UserTask* task, out int status)
    {
        task->IsReported = true;
        status = task->State == UserTaskState.Stopped ? (task->Signal << 8) | StoppedMark : (task->ExitStatus << 8) | task->Signal;
        if (task->State == UserTaskState.Ended)
        {
            task->State = UserTaskState.Free;
        }

        return task->Id;
    }
}
