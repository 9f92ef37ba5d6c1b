using System.Runtime.CompilerServices;
using Haltpoint.Arch.X86;

namespace Haltpoint.Breakpoints.Slots;

/// <summary>DR0 to DR7 as the debugger of one task sees them, over slots that it shares with everybody else (section C).</summary>
/// <remarks>
/// They may be written in any order: an address before or after its enable bits, a slot off and on again without its address. A
/// register takes its slot when it is first written or enabled and keeps it until <see cref="Flush"/>, so that nothing that was
/// accepted can be refused later for want of a slot.
/// <para>Not thread-safe for one task; those of different tasks may be used at once.</para>
/// </remarks>
public struct VirtualDebugRegisters
{
    private const int StatusRegister = 6;
    private const int ControlRegister = 7;
    private const ulong StepBit = 1ul << 14;

    private Ids _slots;

    // Bits set for what happened, whatever their polarity in the register (C-15).
    private ulong _events;
    private ulong _control;

    /// <returns><see cref="SlotStatus.Busy"/>, or fine; registers there are not read as 0 (C-1).</returns>
    /// <param name="pool">Where the slots are.</param>
    /// <param name="register">The number of the register.</param>
    /// <param name="wait">Whether the caller may wait for the pool.</param>
    /// <param name="value">What is in it.</param>
    public readonly SlotStatus Read(in SlotPool pool, int register, SlotWait wait, out ulong value)
    {
        value = register switch
        {
            StatusRegister => _events ^ DebugStatus.Reset,
            ControlRegister => _control,
            _ => 0,
        };
        if (register < 0 || register >= DebugControl.SlotCount || _slots[register].IsNone)
        {
            return SlotStatus.Ok;
        }

        SlotStatus status = pool.TryGet(_slots[register], wait, out SlotRequest held);
        value = held.Address;
        return status;
    }

    /// <returns><see cref="SlotStatus.NotFound"/> for a register that there is not (EIO, C-1); when refused, nothing has changed.</returns>
    /// <param name="pool">Where the slots are.</param>
    /// <param name="task">The task's number there.</param>
    /// <param name="register">The number of the register.</param>
    /// <param name="value">What to write.</param>
    /// <param name="wait">Whether the caller may wait for the pool.</param>
    public SlotStatus Write(in SlotPool pool, int task, int register, ulong value, SlotWait wait)
    {
        switch (register)
        {
            case >= 0 and < DebugControl.SlotCount:
                return WriteAddress(pool, task, register, value, wait);
            case StatusRegister:
                _events = value ^ DebugStatus.Reset;
                return SlotStatus.Ok;
            case ControlRegister:
                return WriteControl(pool, task, value, wait);
            default:
                return SlotStatus.NotFound;
        }
    }

    /// <summary>A debug exception of the task begins: what the one before left is gone (C-17).</summary>
    public void BeginException(bool isStep) => _events = isStep ? StepBit : 0;

    /// <summary>The request is one of these registers.</summary>
    public readonly bool Has(SlotId id)
    {
        bool has = false;
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            has |= _slots[slot].Is(id);
        }

        return has;
    }

    /// <summary>The exception is, among others, a hit of this request; false when it is none of these registers (C-16).</summary>
    public bool TryRecordHit(SlotId id)
    {
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            if (_slots[slot].Is(id))
            {
                _events |= 1ul << slot;
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives back everything: the task became another program, or ended (C-19). A forked task starts with a default value .</summary>
    public SlotStatus Flush(in SlotPool pool, SlotWait wait)
    {
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            if (!_slots[slot].IsNone && pool.Release(_slots[slot], wait) == SlotStatus.Busy)
            {
                return SlotStatus.Busy;
            }

            _slots[slot] = SlotId.None;
        }

        _events = 0;
        _control = 0;
        return SlotStatus.Ok;
    }

    private SlotStatus WriteAddress(in SlotPool pool, int task, int slot, ulong address, SlotWait wait)
    {
        if (_slots[slot].IsNone)
        {
            return Create(pool, task, slot, NewRequest(task, address, AccessKind.Write, 1, isEnabled: false), wait);
        }

        SlotStatus status = pool.TryGet(_slots[slot], wait, out SlotRequest held);
        held.Address = address;
        return status == SlotStatus.Ok ? pool.Modify(_slots[slot], held, wait) : status;
    }

    private SlotStatus WriteControl(in SlotPool pool, int task, ulong value, SlotWait wait)
    {
        SlotStatus status = CurrentControl(pool, wait, out DebugControl before);
        if (status != SlotStatus.Ok)
        {
            return status;
        }

        status = Apply(pool, task, new DebugControl(value), wait);
        if (status != SlotStatus.Ok)
        {
            // Needs no slot that is not held, and nothing that was not valid before: it cannot be refused (C-9).
            Apply(pool, task, before, wait);
            return status;
        }

        _control = value; // as it was given, bits without effect included (C-10)
        return SlotStatus.Ok;
    }

    private SlotStatus Apply(in SlotPool pool, int task, DebugControl control, SlotWait wait)
    {
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            bool isEnabled = control.IsArmed(slot);
            if (_slots[slot].IsNone && !isEnabled)
            {
                continue;
            }

            AccessKind access = control.AccessOf(slot);
            int length = control.LengthOf(slot);
            if (access == AccessKind.Execute)
            {
                if (length != 1)
                {
                    return SlotStatus.BadLength; // C-12
                }

                length = sizeof(ulong); // the length of an execute request is the word's
            }

            SlotStatus status;
            if (_slots[slot].IsNone)
            {
                // An address of 0 until one is written (C-7).
                status = Create(pool, task, slot, NewRequest(task, 0, access, length, isEnabled), wait);
            }
            else
            {
                status = pool.TryGet(_slots[slot], wait, out SlotRequest held);
                if (status == SlotStatus.Ok)
                {
                    status = pool.Modify(_slots[slot], NewRequest(task, held.Address, access, length, isEnabled), wait);
                }
            }

            if (status != SlotStatus.Ok)
            {
                return status;
            }
        }

        return SlotStatus.Ok;
    }

    private SlotStatus Create(in SlotPool pool, int task, int slot, in SlotRequest request, SlotWait wait)
    {
        SlotStatus status = pool.Reserve(request, default, wait, out SlotId id);
        if (status == SlotStatus.Ok)
        {
            _slots[slot] = id;
        }

        return status;
    }

    // What DR7 would be for what is enabled now. What is disabled has no bits, so it goes back as disabled and of length 1 (C-11).
    private readonly SlotStatus CurrentControl(in SlotPool pool, SlotWait wait, out DebugControl control)
    {
        control = default;
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            if (_slots[slot].IsNone)
            {
                continue;
            }

            SlotStatus status = pool.TryGet(_slots[slot], wait, out SlotRequest held);
            if (status != SlotStatus.Ok)
            {
                return status;
            }

            if (!held.IsDisabled)
            {
                control = control.Arm(slot, held.Access, held.Access == AccessKind.Execute ? 1 : (int)held.Length);
            }
        }

        return SlotStatus.Ok;
    }

    private static SlotRequest NewRequest(int task, ulong address, AccessKind access, int length, bool isEnabled) => new()
    {
        Address = address,
        Length = (ulong)length,
        Access = access,
        Flags = SlotFlags.UserOnly | (isEnabled ? SlotFlags.None : SlotFlags.Disabled),
        Cpu = SlotRequest.EveryCpu,
        Task = task,
    };

    [InlineArray(DebugControl.SlotCount)]
    private struct Ids
    {
        private SlotId _first;
    }
}
