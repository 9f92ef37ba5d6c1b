using System;
using System.Buffers.Binary;
using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Rsp;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Ring0.Gate;

/// <summary>The machine of <see cref="LeastTarget"/> with every optional ability, each in the smallest form that answers something.</summary>
public struct FullTarget : ITarget<FullTarget>
{
    private const int AnObjectLength = 300;
    private const ulong ValueAddress = 0x1e00;
    private const ulong PrintedAddress = 0x1f00;

    private LeastTarget _machine;
    private HardwareBreakpoints _hardware;
    private GateBank _bank;
    private int _monitorLeft;
    private bool _failed;

    public static bool CanNonStop => true;

    public static bool CanStepRange => true;

    public static bool CanReportForks => true;

    public static bool CanReportExecs => true;

    public static bool CanReportThreads => true;

    public static bool CanReportNoResumed => true;

    public static bool CanCatchSyscalls => true;

    public static bool CanManageProcesses => true;

    public static bool CanLocate => true;

    public static bool HasFiles => true;

    public static bool HasMonitor => true;

    public static bool HasMemoryMap => true;

    public static int ReadMemory(ref FullTarget self, ThreadId thread, ulong address, Span<byte> into) =>
        LeastTarget.ReadMemory(ref self._machine, thread, address, into);

    public static TargetStatus WriteMemory(ref FullTarget self, ThreadId thread, ulong address, ReadOnlySpan<byte> bytes) =>
        LeastTarget.WriteMemory(ref self._machine, thread, address, bytes);

    public static int ReadRegisters(ref FullTarget self, ThreadId thread, Span<byte> into, Span<ulong> available)
    {
        int length = LeastTarget.ReadRegisters(ref self._machine, thread, into, available);
        available[0] &= ~1ul; // the first register has no value now
        return length;
    }

    public static TargetStatus WriteRegisters(ref FullTarget self, ThreadId thread, ReadOnlySpan<byte> image) =>
        LeastTarget.WriteRegisters(ref self._machine, thread, image);

    public static int ReadRegister(ref FullTarget self, ThreadId thread, int number, Span<byte> into) =>
        number == 0 ? -1 : LeastTarget.ReadRegister(ref self._machine, thread, number, into);

    public static TargetStatus WriteRegister(ref FullTarget self, ThreadId thread, int number, ReadOnlySpan<byte> value) =>
        LeastTarget.WriteRegister(ref self._machine, thread, number, value);

    public static int RegisterImageLength(ref FullTarget self, ThreadId thread) =>
        LeastTarget.RegisterImageLength(ref self._machine, thread);

    public static bool TryLocateRegister(ref FullTarget self, ThreadId thread, int number, out int offset, out int length) =>
        LeastTarget.TryLocateRegister(ref self._machine, thread, number, out offset, out length);

    public static ReadOnlySpan<byte> ExpeditedRegisters(ref FullTarget self, ThreadId thread) =>
        LeastTarget.ExpeditedRegisters(ref self._machine, thread);

    public static bool TryNextThread(ref FullTarget self, ref ThreadId cursor) =>
        LeastTarget.TryNextThread(ref self._machine, ref cursor);

    public static bool IsAlive(ref FullTarget self, ThreadId thread) => LeastTarget.IsAlive(ref self._machine, thread);

    public static int ReadThreadName(ref FullTarget self, ThreadId thread, Span<byte> into) => Text("main <&>"u8, into);

    public static int ReadThreadInfo(ref FullTarget self, ThreadId thread, Span<byte> into) => Text("halted"u8, into);

    public static int LastCpu(ref FullTarget self, ThreadId thread) => 0;

    public static TargetStatus Resume(ref FullTarget self, ReadOnlySpan<ResumeAction> actions) =>
        LeastTarget.Resume(ref self._machine, actions);

    public static void Interrupt(ref FullTarget self) => LeastTarget.Interrupt(ref self._machine);

    public static TargetStatus SetProgramCounter(ref FullTarget self, ThreadId thread, ulong address) =>
        LeastTarget.SetProgramCounter(ref self._machine, thread, address);

    public static TargetStatus SetNonStop(ref FullTarget self, bool on) => TargetStatus.Ok;

    public static bool TryTakeStop(ref FullTarget self, out StopEvent stop) => LeastTarget.TryTakeStop(ref self._machine, out stop);

    public static bool TryGetStop(ref FullTarget self, ThreadId thread, out StopEvent stop) =>
        LeastTarget.TryGetStop(ref self._machine, thread, out stop);

    public static int ReadExecPath(ref FullTarget self, ThreadId thread, Span<byte> into) => Text("/kernel"u8, into);

    public static bool CanInsert(BreakpointKind kind) => true;

    public static TargetStatus Insert(
        ref FullTarget self, ThreadId thread, BreakpointKind kind, ulong address, int length,
        ReadOnlySpan<byte> conditions, ReadOnlySpan<byte> commands, bool persist)
    {
        if (kind == BreakpointKind.Software)
        {
            return Judge(ref self, thread, conditions) | Judge(ref self, thread, commands) ? TargetStatus.Ok : TargetStatus.BadArgument;
        }

        HardwareBreakpoints wanted = self._hardware;
        SlotStatus status = wanted.Insert(kind, address, length);
        self._failed = status != SlotStatus.Ok;
        return status switch
        {
            SlotStatus.Ok => Program(ref self, wanted),
            SlotStatus.Exhausted => TargetStatus.NoSlot,
            SlotStatus.BadAddress => TargetStatus.BadAddress,
            _ => TargetStatus.Refused,
        };
    }

    public static TargetStatus Remove(ref FullTarget self, ThreadId thread, BreakpointKind kind, ulong address, int length)
    {
        if (kind == BreakpointKind.Software)
        {
            return TargetStatus.Ok;
        }

        HardwareBreakpoints wanted = self._hardware;
        return wanted.Remove(kind, address, length) == SlotStatus.Ok ? Program(ref self, wanted) : TargetStatus.NotFound;
    }

    public static int LastError(ref FullTarget self, Span<byte> into) => self._failed ? Text("the slots are taken"u8, into) : 0;

    public static TargetStatus Run(ref FullTarget self, ReadOnlySpan<byte> arguments) => LeastTarget.Start(ref self._machine);

    public static TargetStatus Attach(ref FullTarget self, int process) => LeastTarget.Start(ref self._machine);

    public static TargetStatus Detach(ref FullTarget self, int process) => LeastTarget.Detach(ref self._machine, process);

    public static TargetStatus Kill(ref FullTarget self, int process) => LeastTarget.Kill(ref self._machine, process);

    public static int WasAttached(ref FullTarget self, int process) => 1;

    public static TargetStatus SetStartupWithShell(ref FullTarget self, bool on) => TargetStatus.Ok;

    public static TargetStatus SetDisableRandomization(ref FullTarget self, bool on) => TargetStatus.Ok;

    public static TargetStatus SetEnvironment(ref FullTarget self, ReadOnlySpan<byte> assignment) => TargetStatus.Ok;

    public static TargetStatus ResetEnvironment(ref FullTarget self) => TargetStatus.Ok;

    public static TargetStatus SetWorkingDirectory(ref FullTarget self, ReadOnlySpan<byte> path) => TargetStatus.NotFound;

    public static void SetForkEvents(ref FullTarget self, bool forks, bool vforks)
    {
    }

    public static void SetExecEvents(ref FullTarget self, bool on)
    {
    }

    public static TargetStatus SetThreadEvents(ref FullTarget self, bool on) => TargetStatus.Ok;

    public static void SetNoResumedEvents(ref FullTarget self, bool on)
    {
    }

    public static TargetStatus SetPassedSignals(ref FullTarget self, ReadOnlySpan<ulong> signals) => TargetStatus.Ok;

    public static TargetStatus SetProgramSignals(ref FullTarget self, ReadOnlySpan<ulong> signals) => TargetStatus.Ok;

    public static TargetStatus CatchSyscalls(ref FullTarget self, ThreadId thread, bool on, ReadOnlySpan<int> numbers) => TargetStatus.Ok;

    public static bool HasObject(ObjectKind kind) => true;

    public static int ReadObject(
        ref FullTarget self, ThreadId thread, ObjectKind kind, ReadOnlySpan<byte> annex, ulong offset, Span<byte> into)
    {
        int length = 0;
        while (length < into.Length && offset + (ulong)length < AnObjectLength)
        {
            into[length] = (byte)(offset + (ulong)length); // every byte there is, so that the escapes are needed
            length++;
        }

        return length;
    }

    public static int WriteObject(
        ref FullTarget self, ThreadId thread, ObjectKind kind, ReadOnlySpan<byte> annex, ulong offset, ReadOnlySpan<byte> bytes) =>
        bytes.Length;

    public static int SetFileSystem(ref FullTarget self, int process) => 0;

    public static int OpenFile(ref FullTarget self, ReadOnlySpan<byte> path, int flags, int mode) => 3;

    public static int CloseFile(ref FullTarget self, int file) => 0;

    public static int ReadFile(ref FullTarget self, int file, ulong offset, Span<byte> into) =>
        ReadObject(ref self, ThreadId.None, ObjectKind.Auxv, default, offset, into);

    public static int WriteFile(ref FullTarget self, int file, ulong offset, ReadOnlySpan<byte> bytes) => bytes.Length;

    public static int StatFile(ref FullTarget self, int file, Span<byte> into) => Text("stat"u8, into);

    public static int StatPath(ref FullTarget self, ReadOnlySpan<byte> path, Span<byte> into) => Text("stat"u8, into);

    public static int UnlinkFile(ref FullTarget self, ReadOnlySpan<byte> path) => -2;

    public static int ReadLink(ref FullTarget self, ReadOnlySpan<byte> path, Span<byte> into) => Text("link"u8, into);

    public static TargetStatus LocateThreadLocal(ref FullTarget self, ThreadId thread, ulong offset, ulong linkMap, out ulong address)
    {
        address = linkMap + offset;
        return TargetStatus.Ok;
    }

    public static TargetStatus RunMonitor(ref FullTarget self, ThreadId thread, ReadOnlySpan<byte> command)
    {
        self._monitorLeft = command.Length;
        return command.IsEmpty ? TargetStatus.BadArgument : TargetStatus.Ok;
    }

    public static int ReadMonitorOutput(ref FullTarget self, Span<byte> into) => self._monitorLeft-- > 0 ? Text("a line\n"u8, into) : 0;

    public static bool IsPacketDisabled(ref FullTarget self, ReadOnlySpan<byte> name) => name.SequenceEqual("qC"u8);

    public static void SetExtended(ref FullTarget self)
    {
    }

    public static void PrintToConsole(ref FullTarget self, ReadOnlySpan<byte> text) =>
        WriteMemory(ref self, ThreadId.None, PrintedAddress, text);

    public static bool TryGetRegion(
        ref FullTarget self, ThreadId thread, ulong address, out MemoryRegion region, Span<byte> name, out int nameLength)
    {
        region = default;
        nameLength = Text("the page"u8, name);
        return address >= 0x1000;
    }

    /// <summary>Evaluates as a target does at a hit; the values go where the client can read them.</summary>
    private static bool Judge(ref FullTarget self, ThreadId thread, ReadOnlySpan<byte> expressions)
    {
        bool wasUnderstood = expressions.IsEmpty;
        while (expressions.Length > sizeof(int))
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(expressions);
            ReadOnlySpan<byte> code = expressions.Slice(sizeof(int), length);
            wasUnderstood |= AgentExpression.Evaluate(ref self, thread, code, out long value) == AgentStatus.Ok;
            WriteMemory(ref self, thread, ValueAddress, [(byte)value]);
            expressions = expressions[(sizeof(int) + length)..];
        }

        return wasUnderstood;
    }

    private static TargetStatus Program(ref FullTarget self, in HardwareBreakpoints wanted)
    {
        Span<GateBank> banks = new(ref self._bank);
        BankStatus status = DebugRegisterBanks.TryProgram(
            banks, new DebugRegisterImage(self._hardware), new DebugRegisterImage(wanted), out _);
        if (status != BankStatus.Programmed)
        {
            return TargetStatus.Refused;
        }

        self._hardware = wanted;
        return TargetStatus.Ok;
    }

    private static int Text(ReadOnlySpan<byte> text, Span<byte> into)
    {
        int length = Math.Min(text.Length, into.Length);
        text[..length].CopyTo(into);
        return length;
    }
}
