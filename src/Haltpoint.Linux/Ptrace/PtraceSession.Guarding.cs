using System;
using System.Collections.Generic;
using System.Threading;
using Haltpoint.Linux.Guarding;
using Haltpoint.Linux.PageTraps.SystemCalls;
using Haltpoint.Linux.PageTraps.Instructions;

namespace Haltpoint.Linux.Ptrace;

// What is written down for the guardian, so that it could undo it.
public sealed unsafe partial class PtraceSession
{
    private Guardian? _guardian;
    private bool _hasAskedForGuardian;

    /// <summary>A program and its first arguments that calls <see cref="GuardianRun"/>; empty where there is none, and nobody guards then.</summary>
    internal static IReadOnlyList<string> GuardianCommand { get; set; } = [];

    // What the server started ends with it. Everything else must be written down before the first thing of ours is in it.
    private GuardedSpace? NeedGuard(TraceeProcess process)
    {
        if (process.Space.Guard is { } known || !process.WasAttached)
        {
            return process.Space.Guard;
        }

        if (!_hasAskedForGuardian)
        {
            _hasAskedForGuardian = true;
            _guardian = Guardian.Start(GuardianCommand);
        }

        if (_guardian?.Guard(process.Id) is { } guard)
        {
            process.Space.StartGuard(guard);
            guard.Process.IsStopped = process.Threads.Exists(t => t.IsInGroupStop) ? 1 : 0;
        }

        return process.Space.Guard;
    }

    /// <summary>Ends the guardian, unless it has something to undo: it is a child of this thread, and need not be when nothing is traced.</summary>
    internal void DismissGuardian()
    {
        _guardian?.Dispose();
        _guardian = null;
        _hasAskedForGuardian = false;
    }

    private static void SetGroupStop(Tracee tracee, bool isStopped)
    {
        tracee.IsInGroupStop = isStopped;
        if (tracee.Process.Space.Guard is { } guard)
        {
            guard.Process.IsStopped = isStopped ? 1 : 0;
        }
    }

    /// <summary>The registers of a stopped thread are about to be other than the program's.</summary>
    private void KeepRegisters(Tracee tracee, ReadOnlySpan<ulong> own)
    {
        if (RecordOf(tracee) is var record && record is not null)
        {
            own.CopyTo(record->Registers);
            Volatile.Write(ref *(int*)&record->State, (int)GuardedState.Replaced);
        }
    }

    /// <summary>The thread is about to execute an instruction elsewhere.</summary>
    private void KeepStep(Tracee tracee, in RedirectedStep step)
    {
        if (RecordOf(tracee) is var record && record is not null)
        {
            record->Step = step;
            Volatile.Write(ref *(int*)&record->State, (int)GuardedState.Redirected);
        }
    }

    /// <summary>The thread is about to go on into a system call, with its arguments or with ours.</summary>
    private void KeepCall(Tracee tracee, in CallRequest request, ulong instructionPointer)
    {
        if (RecordOf(tracee) is var record && record is not null)
        {
            record->Call = new GuardedCall { Number = (ulong)request.Number, InstructionPointer = instructionPointer, Arguments = request.Arguments };
            Volatile.Write(ref record->IsInCall, 1);
        }
    }

    /// <summary>The thread's registers are the program's again, in the kernel too; but for a call that it goes on into.</summary>
    private static void ForgetRecord(Tracee tracee, bool isEnteringCall)
    {
        if (tracee.GuardIndex < 0 || tracee.Process.Space.Guard is not { } guard)
        {
            return;
        }

        GuardedThread* record = guard.Table.Threads + tracee.GuardIndex;
        Volatile.Write(ref *(int*)&record->State, (int)GuardedState.Own);
        if (!isEnteringCall)
        {
            Volatile.Write(ref record->IsInCall, 0);
        }
    }

    private void ReleaseRecord(Tracee tracee)
    {
        if (tracee.GuardIndex >= 0)
        {
            tracee.Process.Space.Guard?.Table.RemoveThread(tracee.GuardIndex);
            tracee.GuardIndex = -1;
        }
    }

    private GuardedThread* RecordOf(Tracee tracee)
    {
        if (tracee.Process.Space.Guard is not { } guard)
        {
            return null;
        }

        if (tracee.GuardIndex < 0 && _tracees.ContainsKey(tracee.Thread))
        {
            tracee.GuardIndex = guard.Table.AddThread(tracee.Thread);
        }

        return tracee.GuardIndex >= 0 ? guard.Table.Threads + tracee.GuardIndex : null;
    }
}
