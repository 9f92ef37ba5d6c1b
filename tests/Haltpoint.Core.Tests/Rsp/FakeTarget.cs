using System;
using System.Collections.Generic;
using System.Text;
using Haltpoint.Breakpoints;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Core.Tests.Rsp;

/// <summary>A target with every ability, made of a <see cref="FakeMachine"/>.</summary>
internal readonly partial struct FakeTarget(FakeMachine machine) : ITarget<FakeTarget>
{
    public FakeMachine Machine => machine;

    public static int ReadMemory(ref FakeTarget self, ThreadId thread, ulong address, Span<byte> into)
    {
        byte[] memory = self.Machine.Memory;
        ulong offset = address - FakeMachine.MemoryStart;
        if (offset >= (ulong)memory.Length)
        {
            return 0;
        }

        int length = Math.Min(into.Length, memory.Length - (int)offset);
        memory.AsSpan((int)offset, length).CopyTo(into);
        return length;
    }

    public static TargetStatus WriteMemory(ref FakeTarget self, ThreadId thread, ulong address, ReadOnlySpan<byte> bytes)
    {
        ulong offset = address - FakeMachine.MemoryStart;
        if (offset >= (ulong)self.Machine.Memory.Length || (ulong)bytes.Length > (ulong)self.Machine.Memory.Length - offset)
        {
            return TargetStatus.BadAddress;
        }

        bytes.CopyTo(self.Machine.Memory.AsSpan((int)offset));
        return TargetStatus.Ok;
    }

    public static int ReadRegisters(ref FakeTarget self, ThreadId thread, Span<byte> into, Span<ulong> available)
    {
        if (self.Machine.Find(thread) is not { IsRunning: false } found)
        {
            return 0;
        }

        available[0] &= ~(1ul << FakeMachine.AbsentRegister);
        found.Registers.CopyTo(into);
        return found.Registers.Length;
    }

    public static TargetStatus WriteRegisters(ref FakeTarget self, ThreadId thread, ReadOnlySpan<byte> image)
    {
        if (self.Machine.Find(thread) is not { } found || image.Length > found.Registers.Length)
        {
            return TargetStatus.BadArgument;
        }

        image.CopyTo(found.Registers);
        return TargetStatus.Ok;
    }

    public static int ReadRegister(ref FakeTarget self, ThreadId thread, int number, Span<byte> into)
    {
        if (number == FakeMachine.AbsentRegister)
        {
            return -1;
        }

        if (number >= FakeMachine.RegisterCount || self.Machine.Find(thread) is not { } found)
        {
            return 0;
        }

        found.Registers.AsSpan(number * 8, 8).CopyTo(into);
        return 8;
    }

    public static TargetStatus WriteRegister(ref FakeTarget self, ThreadId thread, int number, ReadOnlySpan<byte> value)
    {
        if (number >= FakeMachine.RegisterCount || value.Length != 8 || self.Machine.Find(thread) is not { } found)
        {
            return TargetStatus.BadArgument;
        }

        value.CopyTo(found.Registers.AsSpan(number * 8));
        return TargetStatus.Ok;
    }

    public static int RegisterImageLength(ref FakeTarget self, ThreadId thread) => FakeMachine.RegisterCount * 8;

    public static bool TryLocateRegister(ref FakeTarget self, ThreadId thread, int number, out int offset, out int length)
    {
        offset = number * 8;
        length = 8;
        return number < FakeMachine.RegisterCount;
    }

    public static ReadOnlySpan<byte> ExpeditedRegisters(ref FakeTarget self, ThreadId thread) => [6, 7, 16];

    public static bool TryNextThread(ref FakeTarget self, ref ThreadId cursor)
    {
        List<FakeThread> threads = self.Machine.Threads;
        int next = 0;
        if (!cursor.IsNone)
        {
            while (next < threads.Count && !threads[next++].Id.Is(cursor))
            {
            }
        }

        if (next >= threads.Count)
        {
            return false;
        }

        cursor = threads[next].Id;
        return true;
    }

    public static bool IsAlive(ref FakeTarget self, ThreadId thread) => self.Machine.Find(thread) is not null;

    public static int ReadThreadName(ref FakeTarget self, ThreadId thread, Span<byte> into) => Copy(self.Machine.Find(thread)?.Name ?? "", into);

    public static int ReadThreadInfo(ref FakeTarget self, ThreadId thread, Span<byte> into) =>
        Copy(self.Machine.Find(thread) is { IsRunning: true } ? "Running" : "Stopped", into);

    public static int LastCpu(ref FakeTarget self, ThreadId thread) => self.Machine.Find(thread)?.Cpu ?? -1;

    public static bool CanNonStop => true;

    public static bool CanStepRange => true;

    public static TargetStatus Resume(ref FakeTarget self, ReadOnlySpan<ResumeAction> actions)
    {
        FakeMachine machine = self.Machine;
        if (machine.Log is not null)
        {
            NoteResume(machine, actions);
        }

        TargetStatus status = machine.Take();
        if (status == TargetStatus.Ok && machine.Stops.Count == 0)
        {
            foreach (FakeThread thread in machine.Threads)
            {
                foreach (ref readonly ResumeAction action in actions)
                {
                    if (action.Threads.Covers(thread.Id) && action.Kind != ResumeKind.Stop)
                    {
                        thread.IsRunning = true;
                        break;
                    }
                }
            }
        }

        return status;
    }

    public static void Interrupt(ref FakeTarget self) => self.Machine.Note($"interrupt");

    public static TargetStatus SetNonStop(ref FakeTarget self, bool on)
    {
        self.Machine.Note($"non-stop {(on ? "on" : "off")}");
        return self.Machine.Take();
    }

    public static TargetStatus SetProgramCounter(ref FakeTarget self, ThreadId thread, ulong address)
    {
        self.Machine.Note($"pc {FakeMachine.Text(thread)} {address:x}");
        return self.Machine.Take();
    }

    public static bool TryTakeStop(ref FakeTarget self, out StopEvent stop)
    {
        if (!self.Machine.Stops.TryDequeue(out stop))
        {
            return false;
        }

        if (stop.Kind is StopKind.ProcessExited or StopKind.ProcessKilled)
        {
            self.Machine.RemoveProcess(stop.Thread.Process);
        }
        else if (self.Machine.Find(stop.Thread) is { } thread)
        {
            thread.IsRunning = false;
            thread.Reported = stop;
        }

        return true;
    }

    public static bool TryGetStop(ref FakeTarget self, ThreadId thread, out StopEvent stop)
    {
        stop = default;
        if (self.Machine.Find(thread) is not { IsRunning: false } found)
        {
            return false;
        }

        stop = found.Reported ?? new StopEvent { Thread = thread, Kind = StopKind.Signal };
        return true;
    }

    public static int ReadExecPath(ref FakeTarget self, ThreadId thread, Span<byte> into) => Copy(self.Machine.ExecPath, into);

    public static bool CanInsert(BreakpointKind kind) => kind != BreakpointKind.ReadWatch;

    public static TargetStatus Insert(
        ref FakeTarget self, ThreadId thread, BreakpointKind kind, ulong address, int length,
        ReadOnlySpan<byte> conditions, ReadOnlySpan<byte> commands, bool persist)
    {
        self.Machine.Note(
            $"insert {FakeMachine.Text(kind)} {address:x} {length:x}{FakeMachine.Text(" if ", conditions)}{FakeMachine.Text(persist ? " always " : " do ", commands)}");
        return self.Machine.Take();
    }

    public static TargetStatus Remove(ref FakeTarget self, ThreadId thread, BreakpointKind kind, ulong address, int length)
    {
        self.Machine.Note($"remove {FakeMachine.Text(kind)} {address:x} {length:x}");
        return self.Machine.Take();
    }

    public static int LastError(ref FakeTarget self, Span<byte> into) => Copy(self.Machine.ErrorText, into);

    public static bool IsPacketDisabled(ref FakeTarget self, ReadOnlySpan<byte> name) =>
        self.Machine.DisabledPackets.Count != 0 && self.Machine.DisabledPackets.Contains(Encoding.ASCII.GetString(name));

    public static void SetExtended(ref FakeTarget self) => self.Machine.Note($"extended");

    private static void NoteResume(FakeMachine machine, ReadOnlySpan<ResumeAction> actions)
    {
        StringBuilder text = new("resume");
        foreach (ref readonly ResumeAction action in actions)
        {
            text.Append(' ').Append(FakeMachine.Text(action.Threads)).Append(':').Append(action.Kind switch
            {
                ResumeKind.Continue => "continue",
                ResumeKind.Step => "step",
                ResumeKind.Stop => "stop",
                _ => $"range-{action.Start:x}-{action.End:x}",
            });
            if (action.Signal != 0)
            {
                text.Append("+signal-").Append(action.Signal);
            }
        }

        machine.Note($"{text}");
    }

    private static int Copy(string text, Span<byte> into)
    {
        int length = Math.Min(text.Length, into.Length);
        for (int i = 0; i < length; i++)
        {
            into[i] = (byte)text[i];
        }

        return length;
    }
}
