using System;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.PageTraps.Instructions;
using Haltpoint.Linux.Registers;
using Iced.Intel;

namespace Haltpoint.Linux.Ptrace;

// Accesses of instructions to registers of a device.
public sealed unsafe partial class PtraceSession
{
    /// <summary>Executes an instruction that accesses a device on ordinary memory, and makes its accesses to the device before and after.</summary>
    /// <remarks>
    /// Each is made once, by the thread itself, with the width it has in the instruction. So the values are known without a second access,
    /// which could have an effect. An instruction that locks the bus does so on the ordinary memory only.
    /// </remarks>
    /// <returns>False when it cannot be done so; nothing has happened then.</returns>
    private bool TryAccessDevice(Tracee tracee, TrappedSpace traps, KnownInstruction known, out StepEnd end)
    {
        end = StepEnd.Gone;
        TraceeRegisters registers = new(tracee);
        DeviceCells cells = new(traps, _values);
        if (!IsMadeOfPlainAccesses(traps, known) || known.SlotCode.IsEmpty || !TryPlace(tracee, traps, known, out ulong slot)
            || !known.TryRedirect(ref registers, ref cells, slot, out RedirectedStep step))
        {
            return false;
        }

        ulong at = slot;
        KeepStep(tracee, step);
        end = LoadFromDevice(tracee, traps, cells, ref at);
        if (end == StepEnd.Done)
        {
            at = slot;
            end = StepAlone(tracee);
            if (end == StepEnd.Done && !step.IsDone(tracee.Registers.ProgramCounter))
            {
                end = StepEnd.Fault;
            }
        }

        if (end == StepEnd.Done)
        {
            end = StoreToDevice(tracee, traps, cells, ref at);
        }

        if (end == StepEnd.Done)
        {
            step.Finish(ref registers);
        }
        else if (end == StepEnd.Fault)
        {
            step.Cancel(ref registers);
            TranslateFault(tracee, traps, at, step.Address);
        }

        return true;
    }

    private bool IsMadeOfPlainAccesses(TrappedSpace traps, KnownInstruction known)
    {
        if (known.Elements.Selection is not (ElementSelection.Whole or ElementSelection.BitString) || _values.Count > DeviceCells.Count)
        {
            return false;
        }

        SpaceHomes homes = new(traps);
        for (int i = 0; i < _values.Count; i++)
        {
            MemoryAccess access = _values.Accesses[i];
            if (_values.IsDevice(i) && (!DeviceStubs.Has(access.Size) || !homes.TryTranslate(access.Address, (ulong)access.Size, out _)))
            {
                return false;
            }
        }

        return true;
    }

    private StepEnd LoadFromDevice(Tracee tracee, TrappedSpace traps, DeviceCells cells, ref ulong at)
    {
        Span<byte> bytes = stackalloc byte[VectorState.Widest];
        for (int i = 0; i < _values.Count; i++)
        {
            MemoryAccess access = _values.Accesses[i];
            if (!_values.IsDevice(i) || (access.Direction & AccessDirection.Read) == 0)
            {
                continue;
            }

            Span<byte> value = bytes[..access.Size];
            StepEnd end = AccessOnce(tracee, traps, access, isStore: false, value, out at);
            if (end != StepEnd.Done)
            {
                return end;
            }

            _values.SetRead(i, value);
            tracee.Process.Space.Memory.TryWrite(cells.Of(i), value);
        }

        return StepEnd.Done;
    }

    private StepEnd StoreToDevice(Tracee tracee, TrappedSpace traps, DeviceCells cells, ref ulong at)
    {
        Span<byte> bytes = stackalloc byte[VectorState.Widest];
        for (int i = 0; i < _values.Count; i++)
        {
            MemoryAccess access = _values.Accesses[i];
            if (!_values.IsDevice(i) || (access.Direction & AccessDirection.Write) == 0)
            {
                continue;
            }

            Span<byte> value = bytes[..access.Size];
            tracee.Process.Space.Memory.Read(cells.Of(i), value);
            StepEnd end = AccessOnce(tracee, traps, access, isStore: true, value, out at);
            if (end != StepEnd.Done)
            {
                return end;
            }

            _values.SetAfter(i, value);
        }

        return StepEnd.Done;
    }

    /// <summary>Makes one access at the home of it. The thread's registers are what they were, whatever the end.</summary>
    private StepEnd AccessOnce(Tracee tracee, TrappedSpace traps, in MemoryAccess access, bool isStore, Span<byte> value, out ulong stub)
    {
        TraceeRegisters registers = new(tracee);
        stub = traps.Scratch + TrappedSpace.CodeLength - (ulong)DeviceStubs.Code.Length + DeviceStubs.OffsetOf(access.Size, isStore);
        (ulong rdi, ulong rax, ulong rip) = (registers[UserRegister.Rdi], registers[UserRegister.Rax], registers[UserRegister.Rip]);
        byte[] vectors = [];
        if (access.Size > DeviceStubs.WidestGeneral)
        {
            if (!registers.TryReadExtended(out ReadOnlySpan<byte> area))
            {
                return StepEnd.Gone;
            }

            vectors = area.ToArray();
        }

        if (isStore)
        {
            PutValue(ref registers, value);
        }

        ulong size = (ulong)access.Size;
        registers[UserRegister.Rdi] = traps.Locate(access.Address, ref size);
        registers[UserRegister.Rip] = stub;
        StepEnd end = StepAlone(tracee);
        if (end == StepEnd.Gone)
        {
            return end;
        }

        if (end == StepEnd.Done && !isStore)
        {
            TakeValue(ref registers, value);
        }

        (registers[UserRegister.Rdi], registers[UserRegister.Rax], registers[UserRegister.Rip]) = (rdi, rax, rip);
        if (vectors.Length > 0 && registers.TryChangeExtended(out Span<byte> changed))
        {
            vectors.CopyTo(changed);
        }

        return end;
    }

    private static void PutValue(ref TraceeRegisters registers, ReadOnlySpan<byte> value)
    {
        if (value.Length <= DeviceStubs.WidestGeneral)
        {
            Span<byte> word = stackalloc byte[sizeof(ulong)];
            word.Clear();
            value.CopyTo(word);
            registers[UserRegister.Rax] = BitConverter.ToUInt64(word);
        }
        else if (registers.TryChangeExtended(out Span<byte> area))
        {
            VectorState.TryWrite(area, VectorOf(value.Length), value, clearsRest: false);
        }
    }

    private static void TakeValue(ref TraceeRegisters registers, Span<byte> value)
    {
        Span<byte> register = stackalloc byte[VectorState.Widest];
        register.Clear();
        if (value.Length <= DeviceStubs.WidestGeneral)
        {
            BitConverter.TryWriteBytes(register, registers[UserRegister.Rax]);
        }
        else if (registers.TryReadExtended(out ReadOnlySpan<byte> area))
        {
            VectorState.TryRead(area, VectorOf(value.Length), register);
        }

        register[..value.Length].CopyTo(value);
    }

    private static Register VectorOf(int width) => width switch
    {
        16 => Register.XMM0,
        32 => Register.YMM0,
        _ => Register.ZMM0,
    };
}
