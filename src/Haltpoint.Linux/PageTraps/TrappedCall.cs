using System;
using Haltpoint.Linux.PageTraps.SystemCalls;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Registers;
using Haltpoint.PageTraps;

namespace Haltpoint.Linux.PageTraps;

/// <summary>The system call that one thread is in while pages of its address space are armed.</summary>
/// <remarks>
/// From the entry stop on, until the exit stop has been taken, the program's own number and arguments are here and perhaps not in the
/// registers; nobody else sees the thread stopped in between.
/// </remarks>
internal sealed class TrappedCall : ICallMemory
{
    /// <summary>Longer than this, what was there before a call is not kept.</summary>
    private const int MostKept = 1 << 20;

    private readonly Tracee _tracee;
    private readonly AddressSpace _space;
    private byte[] _before = [];

    public TrappedCall(Tracee tracee)
    {
        _tracee = tracee;
        _space = tracee.Process.Space;
        Plan = new CallPlan(this);
    }

    public CallPlan Plan { get; }

    public AddressSpace Space => _space;

    public CallAction Action { get; private set; }

    /// <summary>Between its entry and its exit, with <see cref="Action"/> done.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>The kernel goes on with it in restart_syscall, and still has what it was given.</summary>
    public bool IsSuspended { get; private set; }

    /// <summary>The same, and what it was given are addresses of homes.</summary>
    public bool HoldsHomes => IsSuspended && Action == CallAction.Translate;

    /// <summary>How often it was made with everything in place, and broken off because it waited.</summary>
    public int Attempts { get; set; }

    /// <summary>It has to be made again with everything in place.</summary>
    public bool MustOpen { get; set; }

    public ulong InstructionPointer { get; private set; }

    private TrappedSpace Traps => _space.PageTraps!;

    /// <summary>At the entry stop: what is to be done.</summary>
    public CallAction Decide()
    {
        if (!IsSuspended)
        {
            Traps.Data.Release(this);
        }

        ThreadRegisters registers = _tracee.Registers;
        CallRequest request = new() { Abi = CallAbi.X64, Process = _tracee.Process.Id, Number = (int)Read(UserRegister.OrigRax), StackPointer = Read(UserRegister.Rsp) };
        for (int i = 0; i < CallArguments.Count; i++)
        {
            request.Arguments[i] = Read(ArgumentAt(i));
        }

        const ulong callLength = 2;
        InstructionPointer = Read(UserRegister.Rip) - callLength;
        Action = Plan.Enter(request, Traps.Ranges);
        if (IsSuspended && Action != CallAction.Translate)
        {
            Traps.Data.Release(this);
        }

        IsSuspended = false;
        if (ActionCall.Is(_tracee, request))
        {
            Action = CallAction.Answer;
        }

        if (MustOpen && Action != CallAction.Release)
        {
            Action = CallAction.Open;
        }

        return Action;

        ulong Read(UserRegister register) => registers.TryRead(register, out ulong value) ? value : 0;
    }

    /// <summary>Gives the kernel what the plan says, just before the thread goes on into the call.</summary>
    public void Begin()
    {
        IsUnderWay = Action != CallAction.None;
        if (!IsUnderWay)
        {
            return;
        }

        KeepBefore();
        if (Action is CallAction.Refuse or CallAction.Answer)
        {
            _tracee.Registers.TryWrite(UserRegister.OrigRax, ulong.MaxValue);
        }
        else if (Action == CallAction.Translate)
        {
            Traps.TranslatedCalls++;
            for (int i = 0; Plan.IsChanged && i < CallArguments.Count; i++)
            {
                _tracee.Registers.TryWrite(ArgumentAt(i), Plan.Arguments[i]);
            }

            if (Plan.IsChanged)
            {
                _tracee.Registers.TryWrite(UserRegister.OrigRax, (ulong)Plan.Number);
            }
        }
    }

    /// <summary>At the exit stop: the program's registers are back, and what the call did is known.</summary>
    public CallEnd End()
    {
        _tracee.Registers.TryRead(UserRegister.Rax, out ulong given);
        Undo(_tracee);
        if (Action is CallAction.Refuse or CallAction.Answer)
        {
            long result = Action == CallAction.Refuse ? Plan.Refusal : ActionCall.Answer(_tracee, Plan.Request.Arguments);
            _tracee.Registers.TryWrite(UserRegister.Rax, (ulong)result);
            _tracee.Registers.TryFlush();
            Drop();
            return CallEnd.Done;
        }

        CallEnd end = Plan.Leave((long)given);
        if (end == CallEnd.Done && Plan.Result != (long)given)
        {
            _tracee.Registers.TryWrite(UserRegister.Rax, (ulong)Plan.Result);
        }

        bool isSuspended = end == CallEnd.Suspended;
        if (isSuspended)
        {
            Leave();
        }
        else
        {
            Drop();
        }

        IsSuspended = isSuspended;
        return end;
    }

    /// <summary>Puts the program's own number and arguments into the registers of a thread that has them from the plan: the caller or what it made.</summary>
    public void Undo(Tracee tracee)
    {
        if (!IsUnderWay || Action is not (CallAction.Translate or CallAction.Refuse or CallAction.Answer) || (Action == CallAction.Translate && !Plan.IsChanged))
        {
            return;
        }

        for (int i = 0; i < CallArguments.Count; i++)
        {
            tracee.Registers.TryWrite(ArgumentAt(i), Plan.Request.Arguments[i]);
        }

        tracee.Registers.TryWrite(UserRegister.OrigRax, (ulong)Plan.Request.Number);
    }

    /// <summary>The call is over, one way or the other.</summary>
    public void Drop()
    {
        Leave();
        IsSuspended = false;
        if (_space.PageTraps is { } traps)
        {
            traps.Data.Release(this);
        }
    }

    /// <summary>What was at an address before the call; empty when it was not kept.</summary>
    public ReadOnlySpan<byte> BeforeAt(ulong address, ulong length)
    {
        int at = 0;
        foreach (ref readonly CallArea area in Plan.Areas)
        {
            if (!IsKept(area))
            {
                continue;
            }

            if (address >= area.Address && address + length <= area.Address + area.Length && at + (int)area.Length <= _before.Length)
            {
                return _before.AsSpan(at + (int)(address - area.Address), (int)length);
            }

            at += (int)area.Length;
        }

        return default;
    }

    int ICallMemory.Read(ulong address, Span<byte> into) => _space.Memory.Read(address, into);

    bool ICallMemory.TryWrite(ulong address, ReadOnlySpan<byte> bytes) => _space.Memory.TryWrite(address, bytes);

    ulong ICallMemory.AllocateScratch(int length) =>
        Traps.Scratch != 0 && Traps.Data.TryTake((ulong)length, this, out ulong offset) ? Traps.Scratch + TrappedSpace.CodeLength + offset : 0;

    public static UserRegister ArgumentAt(int index) => index switch
    {
        0 => UserRegister.Rdi,
        1 => UserRegister.Rsi,
        2 => UserRegister.Rdx,
        3 => UserRegister.R10,
        4 => UserRegister.R8,
        _ => UserRegister.R9,
    };

    private void Leave()
    {
        if (IsUnderWay && Action == CallAction.Translate && _space.PageTraps is { } traps)
        {
            traps.TranslatedCalls--;
        }

        IsUnderWay = false;
    }

    private static bool IsKept(in CallArea area) => area.IsArmed && area.Length <= MostKept && (area.Direction & CallDirection.Written) != 0;

    private void KeepBefore()
    {
        int length = 0;
        foreach (ref readonly CallArea area in Plan.Areas)
        {
            length += IsKept(area) ? (int)area.Length : 0;
        }

        if (length == 0)
        {
            return;
        }

        if (_before.Length < length)
        {
            _before = new byte[length];
        }

        int at = 0;
        foreach (ref readonly CallArea area in Plan.Areas)
        {
            if (IsKept(area))
            {
                bool isDevice = Traps.Table.TryFindRun(area.Address, area.Length, out TrappedRun run) && run.Has(RunTraits.Device);
                at += isDevice ? (int)area.Length : Keep(area, at);
            }
        }
    }

    private int Keep(in CallArea area, int at)
    {
        _space.Read(area.Address, _before.AsSpan(at, (int)area.Length));
        return (int)area.Length;
    }
}
