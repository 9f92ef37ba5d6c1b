using System;
using System.Collections.Generic;
using System.Linq;
using Haltpoint.Linux.PageTraps.Instructions;
using Haltpoint.Linux.Registers;
using Iced.Intel;

namespace Haltpoint.Linux.Tests.PageTraps.Instructions;

/// <summary>Two processes that execute the same instruction: one with its data pages, one whose data pages are trapped.</summary>
internal sealed class Comparison : IDisposable
{
    private const ulong Identification = 0x20_0000;
    private const byte Trap = 0xCC;
    private const int MostFailures = 1000;
    private const int TrapSignal = 5;
    private const int MostIllegal = 3;

    private readonly Random _random;
    private readonly bool _is32Bit;
    private readonly ulong _home;
    private readonly Executor _native;
    private readonly Executor _armed;
    private readonly InstructionGenerator _instructions;
    private readonly StateGenerator _states;
    private readonly InstructionCache _cache = new();
    private readonly Dictionary<Code, int> _done = [];
    private readonly Dictionary<Code, int> _illegal = [];
    private readonly Dictionary<Mnemonic, int> _unmoved = [];
    private int _executed;
    private int _faulted;
    private int _emulated;
    private int _redirected;

    public Comparison(int seed, bool is32Bit)
    {
        _random = new Random(seed);
        _is32Bit = is32Bit;
        _home = is32Bit ? ExecutorLayout.Home32 : ExecutorLayout.Home64;
        _native = new Executor(ExecutorLayout.Data);
        _armed = new Executor(_home, "armed");
        _instructions = new InstructionGenerator(_random, is32Bit);
        _states = new StateGenerator(_random, is32Bit, _native.Read());
    }

    public List<string> Failures { get; } = [];

    /// <summary>Instructions that neither was emulated nor moved although they executed.</summary>
    public IEnumerable<Mnemonic> Unmoved => _unmoved.Keys;

    public string Summary =>
        $"{_done.Count} opcodes, {_executed} executed, {_faulted} faulted, {_emulated} emulated, {_redirected} moved; neither: "
        + string.Join(' ', _unmoved.OrderBy(u => u.Key.ToString()).Select(u => $"{u.Key}:{u.Value}"));

    public int Executed => _executed;

    /// <summary>Compares up to so many instances of each opcode.</summary>
    public void Run(int most)
    {
        foreach (byte[] code in _instructions.All())
        {
            if (_instructions.TryDecode(code, out Instruction instruction, out byte[] bytes, out ConstantOffsets offsets)
                && _done.GetValueOrDefault(instruction.Code) < most
                && _illegal.GetValueOrDefault(instruction.Code) < MostIllegal)
            {
                _done[instruction.Code] = _done.GetValueOrDefault(instruction.Code) + 1;
                MachineState state = _states.Make(instruction, offsets, bytes);
                Compare(instruction, bytes, state);
            }
        }
    }

    public void Dispose()
    {
        _native.Dispose();
        _armed.Dispose();
    }

    private void Compare(in Instruction decoded, byte[] bytes, MachineState start)
    {
        KnownInstruction? instruction = _cache.Find(ExecutorLayout.Code, bytes, _is32Bit);
        if (instruction is null)
        {
            Fail(decoded, bytes, "is not decoded");
            return;
        }

        // A stepped pushf pushes the trap flag of the step.
        bool freely = decoded.Mnemonic is Mnemonic.Pushf or Mnemonic.Pushfd or Mnemonic.Pushfq;
        _native.WriteData(ExecutorLayout.Code, [.. bytes, Trap]);
        _native.Write(start);
        if (freely)
        {
            // Only an earlier popf decides about this one.
            ref ulong flags = ref start.Words[(int)UserRegister.Eflags];
            flags = (flags & ~Identification) | (_native.Read().Words[(int)UserRegister.Eflags] & Identification);
        }

        StepEnd end = _native.Step(freely);
        if (end.IsIllegal)
        {
            _illegal[decoded.Code] = _illegal.GetValueOrDefault(decoded.Code) + 1;
            return;
        }

        MachineState native = _native.Read();
        native.Words[(int)UserRegister.Rip] -= freely && end.IsExecuted ? 1ul : 0;
        PlainRegisters registers = new((ulong[])start.Words.Clone(), (byte[])start.Area.Clone());
        MemoryAccess[] accesses = new MemoryAccess[MemoryAccess.Most];
        int count = instruction.FindAccesses(ref registers, accesses);
        bool repeats = instruction.Repetition.Rule != RepeatRule.None && end.Signal == TrapSignal;
        end = end with { HasMoved = end.HasMoved || repeats };
        _executed += end.IsExecuted ? 1 : 0;
        _faulted += end.IsExecuted ? 0 : 1;
        if (count >= 0 && !TouchesMore(decoded.Mnemonic))
        {
            CheckChanges(decoded, bytes, accesses.AsSpan(0, count), start, native, end);
            List<MemoryAccess> touched = [];
            for (int i = 0; i < instruction.Operands.Length && !instruction.Repetition.IsOver(ref registers); i++)
            {
                MemoryAccess[] some = new MemoryAccess[MemoryAccess.Most];
                touched.AddRange(some.Take(instruction.FindTouched(i, ref registers, some)));
            }

            CheckPrediction(decoded, bytes, [.. touched], start, end);
            CheckFault(decoded, bytes, [.. touched], start, end);
        }

        bool emulated = CheckEmulated(decoded, bytes, instruction, start, native, end);
        bool redirected = CheckRedirected(decoded, bytes, instruction, start, native, end);
        if (!emulated && !redirected && end.IsExecuted && accesses.Take(count).Any(IsOnData))
        {
            _unmoved[decoded.Mnemonic] = _unmoved.GetValueOrDefault(decoded.Mnemonic) + 1;
        }
    }

    // Far returns and enter look at the new top of the stack, arpl may write or not, and the kernel stands in for the others.
    private static bool TouchesMore(Mnemonic mnemonic) => mnemonic is
        Mnemonic.Arpl or Mnemonic.Enter or Mnemonic.Retf or Mnemonic.Iret
        or Mnemonic.Sgdt or Mnemonic.Sidt or Mnemonic.Sldt or Mnemonic.Smsw or Mnemonic.Str;

    private static bool IsOnData(MemoryAccess access) => access.Size != 0 && access.Touches(ExecutorLayout.Data, ExecutorLayout.Data + ExecutorLayout.DataLength);

    // Only what it is said to write may have changed.
    private void CheckChanges(
        in Instruction decoded, byte[] bytes, ReadOnlySpan<MemoryAccess> accesses, MachineState start, MachineState native, StepEnd end)
    {
        for (int i = 0; i < ExecutorLayout.DataLength && end.IsExecuted; i++)
        {
            ulong at = ExecutorLayout.Data + (ulong)i;
            if (start.Data[i] != native.Data[i] && !Covers(accesses, at, AccessDirection.Write))
            {
                Fail(decoded, bytes, $"changed 0x{at:x}, not predicted: {Describe(accesses)}");
                break;
            }
        }
    }

    // Components in their initial state are not written (SDM volume 1, 13.9 and 13.10): which those are is the processor's to know.
    private static bool IsUpperBound(Mnemonic mnemonic) => mnemonic is Mnemonic.Xsavec or Mnemonic.Xsavec64 or Mnemonic.Xsaveopt or Mnemonic.Xsaveopt64;

    // What it touches is what the pages make it fault on.
    private void CheckPrediction(in Instruction decoded, byte[] bytes, ReadOnlySpan<MemoryAccess> accesses, MachineState start, StepEnd end)
    {
        bool allowed = true;
        bool explainsFault = false;
        foreach (MemoryAccess access in accesses)
        {
            for (ulong at = access.Address; at < access.Address + (ulong)access.Size; at++)
            {
                bool can = (access.Direction & AccessDirection.Write) != 0 ? ExecutorLayout.CanWrite(at) : ExecutorLayout.CanRead(at);
                allowed &= can;
                explainsFault |= !can && at >> 12 == end.Address >> 12;
            }
        }

        if (end.IsExecuted && !allowed && !IsUpperBound(decoded.Mnemonic))
        {
            Fail(decoded, bytes, $"should have faulted: {Describe(accesses)}");
        }
        else if (end.IsPageFault && !explainsFault && end.Address != start.Words[(int)UserRegister.Rip])
        {
            Fail(decoded, bytes, $"faulted at 0x{end.Address:x}, not predicted: {Describe(accesses)}");
        }
    }

    // With all data pages trapped it must fault if and only if it accesses one.
    private void CheckFault(in Instruction decoded, byte[] bytes, ReadOnlySpan<MemoryAccess> accesses, MachineState start, StepEnd nativeEnd)
    {
        bool touches = false;
        foreach (MemoryAccess access in accesses)
        {
            touches |= access.Touches(ExecutorLayout.Data, ExecutorLayout.Data + ExecutorLayout.DataLength);
        }

        _armed.WriteData(ExecutorLayout.Code, [.. bytes, Trap]);
        _armed.Write(start);
        StepEnd end = _armed.Step(false);
        if (end.IsExecuted && touches)
        {
            Fail(decoded, bytes, $"has not touched what was predicted: {Describe(accesses)}");
        }
        else if (end.IsPageFault && nativeEnd.IsExecuted && !Covers(accesses, end.Address, AccessDirection.None))
        {
            Fail(decoded, bytes, $"touched 0x{end.Address:x}, not predicted: {Describe(accesses)}");
        }
    }

    private static bool Covers(ReadOnlySpan<MemoryAccess> accesses, ulong at, AccessDirection direction)
    {
        foreach (MemoryAccess access in accesses)
        {
            if (at - access.Address < (ulong)access.Size && (access.Direction & direction) == direction)
            {
                return true;
            }
        }

        return false;
    }

    private bool CheckEmulated(in Instruction decoded, byte[] bytes, KnownInstruction instruction, MachineState start, MachineState native, StepEnd end)
    {
        MachineState state = start.Copy();
        PlainRegisters registers = new(state.Words, state.Area);
        HomeMemory memory = new(state.Data, _home);
        bool done = instruction.TryEmulate(ref registers, ref memory);
        _emulated += done ? 1 : 0;
        if (done && end.IsExecuted && native.Difference(state) is { } difference)
        {
            Fail(decoded, bytes, $"emulated differs: {difference}");
        }
        else if (done && end.IsPageFault && !TouchesMore(decoded.Mnemonic))
        {
            Fail(decoded, bytes, "emulated where the processor faults");
        }
        else if (!done && start.DifferenceInWords(state) is { } changed)
        {
            Fail(decoded, bytes, $"failed emulation left {changed}");
        }

        return done;
    }

    private bool CheckRedirected(in Instruction decoded, byte[] bytes, KnownInstruction instruction, MachineState start, MachineState native, StepEnd end)
    {
        MachineState state = start.Copy();
        PlainRegisters registers = new(state.Words, state.Area);
        HomeMemory homes = new(state.Data, _home);
        if (!instruction.TryRedirect(ref registers, ref homes, ExecutorLayout.Slot, out RedirectedStep step))
        {
            if (start.DifferenceInWords(state) is { } changed)
            {
                Fail(decoded, bytes, $"refused move left {changed}");
            }

            return false;
        }

        _redirected++;
        _armed.WriteData(ExecutorLayout.Slot, [.. instruction.SlotCode, Trap]);
        _armed.Write(state);
        StepEnd moved = _armed.Step(false);
        MachineState after = _armed.Read();
        PlainRegisters afterRegisters = new(after.Words, after.Area);
        ulong distance = _home - ExecutorLayout.Data;
        bool isDone = step.IsDone(after.Words[(int)UserRegister.Rip]);
        if (moved.Signal != end.Signal || moved.Code != end.Code || isDone != end.IsExecuted
            || (end.IsPageFault && instruction.Operands.Length == 1 && moved.Address != end.Address + distance && moved.Address != end.Address))
        {
            Fail(decoded, bytes, $"ended with {moved} and not {end} when moved, as {Convert.ToHexString(instruction.SlotCode)}");
        }
        else if (isDone)
        {
            step.Finish(ref afterRegisters);
            if (native.Difference(after) is { } difference)
            {
                Fail(decoded, bytes, $"moved as {Convert.ToHexString(instruction.SlotCode)} differs: {difference}");
            }
        }
        else
        {
            step.Cancel(ref afterRegisters);
            if (native.DifferenceInWords(after) is { } difference)
            {
                Fail(decoded, bytes, $"cancelled move left {difference}");
            }
        }

        return true;
    }

    private void Fail(in Instruction decoded, byte[] bytes, string what)
    {
        if (Failures.Count < MostFailures)
        {
            Failures.Add($"{Convert.ToHexString(bytes)} {decoded} ({decoded.Code}): {what}");
        }
    }

    private static string Describe(ReadOnlySpan<MemoryAccess> accesses)
    {
        List<string> texts = [];
        foreach (MemoryAccess access in accesses)
        {
            texts.Add($"{access.Direction} {access.Size} at 0x{access.Address:x}");
        }

        return string.Join(", ", texts);
    }
}
