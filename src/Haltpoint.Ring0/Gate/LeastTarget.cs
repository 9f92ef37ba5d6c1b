using System;
using Haltpoint.Breakpoints;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Ring0.Gate;

/// <summary>A machine of one stopped thread and a page of memory that offers no optional ability.</summary>
/// <remarks>What is written into memory and registers is what is read back; a resume is followed by a stop at the next address.</remarks>
public unsafe struct LeastTarget : ITarget<LeastTarget>
{
    private const ulong MemoryStart = 0x1000;
    private const int MemoryLength = 0x1000;
    private const int RegisterCount = 17;
    private const int ProgramCounter = 16;

    private fixed byte _memory[MemoryLength];
    private fixed ulong _registers[RegisterCount];
    private StopEvent _stop;
    private bool _waiting;
    private bool _isGone;

    private static ThreadId TheThread => new(1, 1);

    public static int ReadMemory(ref LeastTarget self, ThreadId thread, ulong address, Span<byte> into)
    {
        if (address - MemoryStart >= MemoryLength)
        {
            return 0;
        }

        int start = (int)(address - MemoryStart);
        int length = Math.Min(into.Length, MemoryLength - start);
        fixed (byte* memory = self._memory)
        {
            new ReadOnlySpan<byte>(memory + start, length).CopyTo(into);
        }

        return length;
    }

    public static TargetStatus WriteMemory(ref LeastTarget self, ThreadId thread, ulong address, ReadOnlySpan<byte> bytes)
    {
        if (address - MemoryStart >= MemoryLength || (ulong)bytes.Length > MemoryStart + MemoryLength - address)
        {
            return TargetStatus.BadAddress;
        }

        fixed (byte* memory = self._memory)
        {
            bytes.CopyTo(new Span<byte>(memory + (int)(address - MemoryStart), bytes.Length));
        }

        return TargetStatus.Ok;
    }

    public static int ReadRegisters(ref LeastTarget self, ThreadId thread, Span<byte> into, Span<ulong> available)
    {
        available.Fill(ulong.MaxValue);
        fixed (ulong* registers = self._registers)
        {
            new ReadOnlySpan<byte>(registers, RegisterCount * sizeof(ulong)).CopyTo(into);
        }

        return RegisterCount * sizeof(ulong);
    }

    public static TargetStatus WriteRegisters(ref LeastTarget self, ThreadId thread, ReadOnlySpan<byte> image)
    {
        if (image.Length > RegisterCount * sizeof(ulong))
        {
            return TargetStatus.BadArgument;
        }

        fixed (ulong* registers = self._registers)
        {
            image.CopyTo(new Span<byte>(registers, RegisterCount * sizeof(ulong)));
        }

        return TargetStatus.Ok;
    }

    public static int ReadRegister(ref LeastTarget self, ThreadId thread, int number, Span<byte> into)
    {
        if ((uint)number >= RegisterCount)
        {
            return 0;
        }

        fixed (ulong* registers = self._registers)
        {
            new ReadOnlySpan<byte>(registers + number, sizeof(ulong)).CopyTo(into);
        }

        return sizeof(ulong);
    }

    public static TargetStatus WriteRegister(ref LeastTarget self, ThreadId thread, int number, ReadOnlySpan<byte> value)
    {
        if ((uint)number >= RegisterCount || value.Length > sizeof(ulong))
        {
            return TargetStatus.BadArgument;
        }

        fixed (ulong* registers = self._registers)
        {
            value.CopyTo(new Span<byte>(registers + number, sizeof(ulong)));
        }

        return TargetStatus.Ok;
    }

    public static int RegisterImageLength(ref LeastTarget self, ThreadId thread) => RegisterCount * sizeof(ulong);

    public static bool TryLocateRegister(ref LeastTarget self, ThreadId thread, int number, out int offset, out int length)
    {
        offset = number * sizeof(ulong);
        length = sizeof(ulong);
        return (uint)number < RegisterCount;
    }

    public static ReadOnlySpan<byte> ExpeditedRegisters(ref LeastTarget self, ThreadId thread) => [6, 7, ProgramCounter];

    public static bool TryNextThread(ref LeastTarget self, ref ThreadId cursor)
    {
        if (self._isGone || !cursor.IsNone)
        {
            return false;
        }

        cursor = TheThread;
        return true;
    }

    public static bool IsAlive(ref LeastTarget self, ThreadId thread) => !self._isGone && TheThread.Is(thread);

    public static TargetStatus Resume(ref LeastTarget self, ReadOnlySpan<ResumeAction> actions)
    {
        self._registers[ProgramCounter]++;
        self._stop = new StopEvent { Thread = TheThread, Kind = StopKind.Signal, Signal = 5 };
        self._waiting = true;
        return TargetStatus.Ok;
    }

    public static void Interrupt(ref LeastTarget self)
    {
        self._stop = new StopEvent { Thread = TheThread, Kind = StopKind.Signal, Signal = 2 };
        self._waiting = true;
    }

    public static TargetStatus SetProgramCounter(ref LeastTarget self, ThreadId thread, ulong address)
    {
        self._registers[ProgramCounter] = address;
        return TargetStatus.Ok;
    }

    public static bool TryTakeStop(ref LeastTarget self, out StopEvent stop)
    {
        stop = self._stop;
        bool waiting = self._waiting;
        self._waiting = false;
        return waiting;
    }

    public static bool TryGetStop(ref LeastTarget self, ThreadId thread, out StopEvent stop)
    {
        stop = self._stop;
        stop.Thread = TheThread;
        return true;
    }

    public static bool CanInsert(BreakpointKind kind) => false;

    public static TargetStatus Insert(
        ref LeastTarget self, ThreadId thread, BreakpointKind kind, ulong address, int length,
        ReadOnlySpan<byte> conditions, ReadOnlySpan<byte> commands, bool persist) => TargetStatus.Unsupported;

    public static TargetStatus Remove(ref LeastTarget self, ThreadId thread, BreakpointKind kind, ulong address, int length) =>
        TargetStatus.Unsupported;

    public static TargetStatus Detach(ref LeastTarget self, int process) => Kill(ref self, process);

    public static TargetStatus Kill(ref LeastTarget self, int process)
    {
        self._isGone = true;
        self._waiting = false;
        return TargetStatus.Ok;
    }

    /// <summary>Brings the thread back, stopped.</summary>
    public static TargetStatus Start(ref LeastTarget self)
    {
        self._isGone = false;
        return Resume(ref self, default);
    }
}
