using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.PageTraps.OwnMaps;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Registers;
using Haltpoint.PageTraps;
using Microsoft.Win32.SafeHandles;

namespace Haltpoint.Linux.Ptrace;

// A program with armed pages that opens its list of mappings gets one in which nothing of ours is to be seen.
public sealed unsafe partial class PtraceSession
{
    private const int LongestName = 64;

    /// <summary>At the exit of a call, with the program's registers in place.</summary>
    private static void NoteOpened(Tracee tracee)
    {
        if (tracee.Process.Space.PageTraps is { } traps && (traps.IsArmed || traps.Scratch != 0)
            && tracee.Registers.TryRead(UserRegister.OrigRax, out ulong number) && (long)number is CallNumber.Open or CallNumber.OpenAt or CallNumber.OpenAt2
            && tracee.Registers.TryRead(UserRegister.Rax, out ulong file) && file <= int.MaxValue
            && new OpenedFile(tracee.Process.Id, tracee.Thread, (int)file).TryGetMapsOwner(out _))
        {
            tracee.OpenedMaps = (int)file;
        }
    }

    /// <summary>Replaces what a thread has just opened, all others of its process stopped; on any failure it keeps what it has.</summary>
    private void ShowOwnMaps(Tracee tracee)
    {
        Stop(tracee.Process.Space, tracee);
        if (!CanRun(tracee) || (!IsNonStop && HasNews))
        {
            // When it is about to run on the next time.
            return;
        }

        OpenedFile file = new(tracee.Process.Id, tracee.Thread, tracee.OpenedMaps);
        int target = tracee.OpenedMaps;
        tracee.OpenedMaps = -1;
        if (!file.TryGetMapsOwner(out int owner) || !file.TryGetFlags(out int flags)
            || (flags & Libc.OpenPathOnly) != 0 || (flags & Libc.OpenAccess) == Libc.OpenWriteOnly || !TryCompose(tracee, file, owner, out byte[]? text))
        {
            return;
        }

        TraceOptions usual = TraceOptions.Always | (tracee.Process.WasAttached ? 0 : TraceOptions.ExitKill);
        bool isFiltered = ProcessStatus.IsFiltered(tracee.Thread);
        if (isFiltered && !tracee.Ask(TraceRequest.SetOptions, 0, (void*)(ulong)(usual | TraceOptions.SuspendSeccomp)))
        {
            // The filter may answer a call of ours with the program's end.
            return;
        }

        Replace(tracee, target, flags, text);
        if (isFiltered)
        {
            tracee.Ask(TraceRequest.SetOptions, 0, (void*)(ulong)usual);
        }
    }

    private bool TryCompose(Tracee tracee, OpenedFile file, int owner, [NotNullWhen(true)] out byte[]? composed)
    {
        composed = null;
        using SafeFileHandle handle = new(file.Open(Libc.OpenReadOnly), ownsHandle: true);
        if (handle.IsInvalid || FindShown(tracee, handle, owner) is not { } traps)
        {
            return false;
        }

        using FileStream stream = new(handle, FileAccess.Read, bufferSize: 0);
        using MemoryStream text = new();
        try
        {
            stream.CopyTo(text);
        }
        catch (IOException)
        {
            return false;
        }

        List<ShownRun> runs = [];
        for (int i = 0; i < traps.Table.RunCount; i++)
        {
            TrappedRun run = traps.Table.RunAt(i);
            if (!run.IsOpen)
            {
                runs.Add(new ShownRun(run.Start, run.End, run.Distance(), run.Has(RunTraits.Heap) ? MapsNames.Heap : run.Has(RunTraits.Stack) ? MapsNames.Stack : ""));
            }
        }

        (ulong, ulong) scratch = traps.Scratch == 0 ? default : (traps.Scratch, traps.Scratch + TrappedSpace.CodeLength + TrappedSpace.DataLength);
        string? shown = MapsComposer.TryCompose(Encoding.Latin1.GetString(text.GetBuffer(), 0, (int)text.Length), runs, scratch, traps.Edges);
        composed = shown is null ? null : Encoding.Latin1.GetBytes(shown);
        return composed is not null;
    }

    /// <summary>Whose mappings a file lists, when it is a process of ours with armed pages.</summary>
    /// <remarks>The number in its path is one of the PID namespace that its /proc was mounted for.</remarks>
    private TrappedSpace? FindShown(Tracee tracee, SafeFileHandle file, int owner)
    {
        Libc.FileStatus status;
        Libc.FileStatus ours;
        fixed (byte* path = "/proc\0"u8)
        {
            if (Libc.FStat((int)file.DangerousGetHandle(), &status) != 0 || Libc.Stat(path, (byte*)&ours) != 0)
            {
                return null;
            }
        }

        if (status.Device == ours.Device)
        {
            return _tracees.TryGetValue(owner, out Tracee? shown) ? shown.Process.Space.PageTraps : null;
        }

        if (ProcessStatus.HasNumber(tracee.Process.Id, owner) || ProcessStatus.HasNumber(tracee.Thread, owner))
        {
            return tracee.Process.Space.PageTraps;
        }

        return _processes.Find(p => p.Space.PageTraps is { Scratch: not 0 } && ProcessStatus.HasNumber(p.Id, owner))?.Space.PageTraps;
    }

    /// <summary>Puts a file with a text behind a descriptor of a thread, at whose beginning it is.</summary>
    private void Replace(Tracee tracee, int target, int flags, byte[] text)
    {
        if (!TryPutName(tracee, "maps", out ulong name)
            || !TryMakeFile(tracee, CallNumber.MemFdCreate, name, Libc.MemFdCloseOnExec | Libc.MemFdAllowSealing, out int whole))
        {
            return;
        }

        if (TryFill(new OpenedFile(tracee.Process.Id, tracee.Thread, whole), text))
        {
            // Opened anew it cannot be written to, like the program's own; where that fails, the seals alone see to it.
            ulong reading = (ulong)(Libc.OpenReadOnly | Libc.OpenCloseOnExec | (flags & Libc.OpenNonBlocking));
            bool isReopened = TryPutName(tracee, $"/proc/thread-self/fd/{whole}", out name) & TryMakeFile(tracee, CallNumber.Open, name, reading, out int part);
            TryCall(tracee, CallNumber.Duplicate3, out _, (ulong)(isReopened ? part : whole), (ulong)target, (ulong)(flags & Libc.OpenCloseOnExec));
            if (isReopened)
            {
                TryCall(tracee, CallNumber.Close, out _, (ulong)part);
            }
        }

        if (tracee.State == TraceeState.Stopped)
        {
            TryCall(tracee, CallNumber.Close, out _, (ulong)whole);
        }
    }

    private static bool TryPutName(Tracee tracee, string name, out ulong address)
    {
        TrappedSpace traps = tracee.Process.Space.PageTraps!;
        object owner = new();
        bool isTaken = traps.Data.TryTake(LongestName, owner, out ulong offset);
        traps.Data.Release(owner);
        address = traps.Scratch + TrappedSpace.CodeLength + offset;
        return isTaken && tracee.Process.Space.Memory.TryWrite(address, Encoding.ASCII.GetBytes(name + '\0'));
    }

    private bool TryMakeFile(Tracee tracee, long call, ulong name, ulong flags, out int file)
    {
        bool isMade = TryCall(tracee, call, out long result, name, flags) && !IsError(result);
        file = (int)result;
        return isMade;
    }

    private static bool TryFill(OpenedFile file, byte[] text)
    {
        using SafeFileHandle handle = new(file.Open(Libc.OpenReadWrite), ownsHandle: true);
        if (handle.IsInvalid)
        {
            return false;
        }

        try
        {
            RandomAccess.Write(handle, text, 0);
        }
        catch (IOException)
        {
            return false;
        }

        Libc.FileControl((int)handle.DangerousGetHandle(), Libc.AddSeals, Libc.SealAll);
        return true;
    }
}
