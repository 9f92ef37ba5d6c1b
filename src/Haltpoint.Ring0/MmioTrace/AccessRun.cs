using System;
using Haltpoint.Arch.X86;
using Haltpoint.Arch.X86.Decoding;
using Haltpoint.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.MmioTrace;

/// <summary>One instruction made for somebody: what it reads is fetched into a buffer, the instruction works on that, and what it wrote is stored.</summary>
internal unsafe ref struct AccessRun
{
    private const int StackPointer = 4;
    private const int Substitute = 3;
    private const int SourceIndex = 6;
    private const int DestinationIndex = 7;
    private const int Counter = 1;
    private const ulong ZeroFlag = 1 << 6;
    private const byte RepeatWhileEqual = 0xF3;
    private const byte SegmentGs = 0x65;
    private const uint MsrFsBase = 0xC000_0100;
    private const uint MsrGsBase = 0xC000_0101;
    private const ulong FaultIsWrite = 2;

    // Of the CPU's page of buffers. Operands lie as far from a multiple of 16 as the originals do.
    private const int FirstBuffer = 0;
    private const int SecondBuffer = 640;
    private const int Frames = 2048;
    private const int FrameSize = 1024;

    private readonly Cpu* _cpu;
    private readonly PreparedCode.Slot* _slot;
    private RunState _state;

    public AccessRun(Cpu* cpu, InterruptFrame* frame, PreparedCode.Slot* slot)
    {
        _cpu = cpu;
        _slot = slot;
        Frame = frame;
        _state.Take(frame);
        _state.Code = slot->Code;
        _state.Vectors = slot->Instruction.UsesVectors ? InterruptFrame.FxState(frame) : null;
    }

    /// <summary>What goes on afterwards; another one than before when the instruction pushed something where the first one lies.</summary>
    public InterruptFrame* Frame { get; private set; }

    /// <summary>Debug registers of this CPU that watch what was accessed: they see the driver's addresses only.</summary>
    public ulong WatchedSlots { get; private set; }

    public ulong FaultVector { get; private set; }

    public ulong FaultCode { get; private set; }

    public ulong FaultAddress { get; private set; }

    private readonly byte* First => _cpu->TraceBuffers + FirstBuffer;

    private readonly byte* Second => _cpu->TraceBuffers + SecondBuffer;

    /// <returns>False when the instruction ends in an exception of its own, as it would have.</returns>
    public bool TryMake()
    {
        ref MemoryInstruction instruction = ref _slot->Instruction;
        bool isDone = instruction.Form switch
        {
            MemoryForm.String => TryMakeString(),
            MemoryForm.MaskedStore => TryMakeMaskedStore(),
            MemoryForm.Push or MemoryForm.Pop or MemoryForm.Call or MemoryForm.Jump => TryMakeTransfer(),
            _ => TryMakeOperand(),
        };
        return isDone;
    }

    private bool TryMakeOperand()
    {
        ref MemoryInstruction instruction = ref _slot->Instruction;
        ulong address = AddressOf();
        if (!CanReach(address, instruction.Size, instruction.Access))
        {
            return false;
        }

        byte* operand = First + (address & 15);
        if ((instruction.Access & AccessKind.Read) != 0)
        {
            Fetch(address, operand, instruction.Size);
        }

        int register = instruction.Register;
        ulong original = _state.Registers[register];
        if (instruction.Form == MemoryForm.BitString)
        {
            // The operand that holds the bit is the one at hand.
            _state.Registers[register] = original & (ulong)((8 * instruction.Size) - 1);
        }

        bool ran = TryRun(operand);
        if (instruction.Form == MemoryForm.BitString)
        {
            _state.Registers[register] = original;
        }

        if (ran && (instruction.Access & AccessKind.Write) != 0)
        {
            Store(address, operand, instruction.Size);
        }

        return ran && Finish(Frame->Rip + (ulong)instruction.Length);
    }

    private bool TryMakeString()
    {
        ref MemoryInstruction instruction = ref _slot->Instruction;
        ulong sourceIndex = _state.Registers[SourceIndex];
        ulong destinationIndex = _state.Registers[DestinationIndex];
        ulong source = AddressOf();
        ulong destination = Destination();
        AccessKind destinationAccess = instruction.DestinationAccess;
        int size = instruction.Size;
        if ((instruction.UsesSource && !CanReach(source, size, AccessKind.Read))
            || (destinationAccess != AccessKind.None && !CanReach(destination, size, destinationAccess)))
        {
            return false;
        }

        if (instruction.UsesSource && !TryFetchAnywhere(source, First, size))
        {
            return false;
        }

        if (destinationAccess == AccessKind.Read && !TryFetchAnywhere(destination, Second, size))
        {
            return false;
        }

        _state.Registers[SourceIndex] = (ulong)First;
        _state.Registers[DestinationIndex] = (ulong)Second;
        bool ran = TryRun();
        _state.Registers[SourceIndex] = Moved(sourceIndex, _state.Registers[SourceIndex] - (ulong)First);
        _state.Registers[DestinationIndex] = Moved(destinationIndex, _state.Registers[DestinationIndex] - (ulong)Second);
        if (!ran || (destinationAccess == AccessKind.Write && !TryStoreAnywhere(destination, Second, size)))
        {
            return false;
        }

        return Finish(Frame->Rip + (Repeats() ? 0 : (ulong)instruction.Length));
    }

    // Once over zeroes and once over ones: what is equal was stored.
    private bool TryMakeMaskedStore()
    {
        ref MemoryInstruction instruction = ref _slot->Instruction;
        ulong address = AddressOf();
        if (!CanReach(address, instruction.Size, AccessKind.Write))
        {
            return false;
        }

        ulong index = _state.Registers[DestinationIndex];
        new Span<byte>(First, instruction.Size).Clear();
        for (int i = 0; i < instruction.Size; i++)
        {
            Second[i] = byte.MaxValue;
        }

        _state.Registers[DestinationIndex] = (ulong)First;
        bool ran = TryRun();
        _state.Registers[DestinationIndex] = (ulong)Second;
        ran = ran && TryRun();
        _state.Registers[DestinationIndex] = index;
        for (int i = 0; ran && i < instruction.Size; i++)
        {
            if (First[i] == Second[i])
            {
                Store(address + (ulong)i, First + i, 1);
            }
        }

        return ran && Finish(Frame->Rip + (ulong)instruction.Length);
    }

    private bool TryMakeTransfer()
    {
        ref MemoryInstruction instruction = ref _slot->Instruction;
        ulong address = AddressOf();
        int size = instruction.Size;
        if (!CanReach(address, size, instruction.Access))
        {
            return false;
        }

        ulong next = Frame->Rip + (ulong)instruction.Length;
        ulong value = 0;
        if (instruction.Form == MemoryForm.Pop)
        {
            if (!TryFetchAnywhere(Frame->Rsp, (byte*)&value, size))
            {
                return false;
            }

            Store(address, (byte*)&value, size);
            _state.Registers[StackPointer] += (ulong)size;
            return Finish(next);
        }

        Fetch(address, (byte*)&value, size);
        if (instruction.Form == MemoryForm.Jump)
        {
            return Finish(value);
        }

        ulong pushed = instruction.Form == MemoryForm.Call ? next : value;
        _state.Registers[StackPointer] -= (ulong)size;
        ulong top = _state.Registers[StackPointer];
        MoveFrame();
        return TryStoreAnywhere(top, (byte*)&pushed, size) && Finish(instruction.Form == MemoryForm.Call ? value : next);
    }

    // The frame of a fault lies right below the stack of what was interrupted, where that is about to push.
    private void MoveFrame()
    {
        int level = _cpu->NmiDepth == 0 ? 0 : 1;
        byte* place = _cpu->TraceBuffers + Frames + (level * FrameSize);
        int length = InterruptFrame.FxSaveSize + sizeof(InterruptFrame);
        new ReadOnlySpan<byte>(InterruptFrame.FxState(Frame), length).CopyTo(new Span<byte>(place, length));
        Frame = (InterruptFrame*)(place + InterruptFrame.FxSaveSize);
    }

    private readonly ulong Moved(ulong index, ulong by) => _slot->Instruction.HasAddressSize ? (uint)(index + by) : index + by;

    private bool Repeats()
    {
        ref MemoryInstruction instruction = ref _slot->Instruction;
        if (!instruction.IsRepeated)
        {
            return false;
        }

        ulong left = Moved(_state.Registers[Counter], ulong.MaxValue);
        _state.Registers[Counter] = left;
        bool compares = instruction.DestinationAccess == AccessKind.Read;
        bool isEqual = (_state.Flags & ZeroFlag) != 0;
        return left != 0 && (!compares || isEqual == (instruction.RepeatPrefix == RepeatWhileEqual));
    }

    private bool TryRun(byte* operand)
    {
        RelocatedInstruction relocated = _slot->Relocated;
        ulong pointer = _state.Registers[relocated.Pointer];
        ulong substitute = _state.Registers[Substitute];
        _state.Registers[relocated.Pointer] = (ulong)operand;
        if (relocated.ReplacesStackPointer)
        {
            _state.Registers[Substitute] = _state.Registers[StackPointer];
        }

        bool ran = TryRun();
        _state.Registers[relocated.Pointer] = pointer;
        if (relocated.ReplacesStackPointer)
        {
            _state.Registers[StackPointer] = _state.Registers[Substitute];
            _state.Registers[Substitute] = substitute;
        }

        return ran;
    }

    private bool TryRun()
    {
        fixed (RunState* state = &_state)
        {
            RunState.Run(state);
        }

        if (_cpu->Trace.Fault == 0)
        {
            return true;
        }

        FaultVector = _cpu->Trace.Fault - 1;
        FaultCode = _cpu->Trace.FaultCode;
        FaultAddress = _cpu->Trace.FaultAddress;
        _cpu->Trace.Fault = 0;
        return false;
    }

    private bool Finish(ulong next)
    {
        _state.Give(Frame);
        Frame->Rip = next;
        return true;
    }

    private ulong AddressOf()
    {
        ref MemoryInstruction instruction = ref _slot->Instruction;
        ulong segmentBase = instruction.Segment == 0 ? 0 : Instructions.ReadMsr(instruction.Segment == SegmentGs ? MsrGsBase : MsrFsBase);
        fixed (ulong* registers = _state.Registers)
        {
            return instruction.AddressOf(new ReadOnlySpan<ulong>(registers, 16), Frame->Rip, segmentBase);
        }
    }

    private ulong Destination()
    {
        fixed (ulong* registers = _state.Registers)
        {
            return _slot->Instruction.DestinationOf(new ReadOnlySpan<ulong>(registers, 16));
        }
    }

    // Before anything is touched: a device must not be read for an instruction that faults and comes again.
    private bool CanReach(ulong address, int size, AccessKind access)
    {
        ulong last = address + (ulong)size - 1;
        for (ulong page = address & ~(PageTables.PageSize - 1); page <= last; page += PageTables.PageSize)
        {
            PageFlags needed = (access & AccessKind.Write) != 0 ? PageFlags.Writable : PageFlags.None;
            if (!PageTables.TryTranslate(page, out _, out PageFlags flags) || (flags & needed) != needed)
            {
                FaultVector = Vectors.PageFault;
                FaultCode = ((access & AccessKind.Write) != 0 ? FaultIsWrite : 0) | ((flags & PageFlags.Present) != 0 ? 1UL : 0);
                FaultAddress = page < address ? address : page;
                return false;
            }
        }

        return true;
    }

    private void Fetch(ulong address, byte* into, int size)
    {
        DeviceRegister.Copy(into, (byte*)DeviceArea.Alias(address), size);
        Note(address, into, size, AccessKind.Read);
    }

    private void Store(ulong address, byte* from, int size)
    {
        DeviceRegister.Copy((byte*)DeviceArea.Alias(address), from, size);
        Note(address, from, size, AccessKind.Write);
    }

    private void Note(ulong address, byte* value, int size, AccessKind access)
    {
        WatchedSlots |= Watches.Find(address, (ulong)size, access);
        Tracer.Record(_cpu, address, value, size, access, Frame->Rip);
    }

    private bool TryFetchAnywhere(ulong address, byte* into, int size)
    {
        if (DeviceArea.Contains(address))
        {
            Fetch(address, into, size);
            return true;
        }

        return IsWhole(SafeMemory.Copy(into, (void*)address, (ulong)size), address, size, 0);
    }

    private bool TryStoreAnywhere(ulong address, byte* from, int size)
    {
        if (DeviceArea.Contains(address))
        {
            Store(address, from, size);
            return true;
        }

        return IsWhole(SafeMemory.Copy((void*)address, from, (ulong)size), address, size, FaultIsWrite);
    }

    private bool IsWhole(ulong copied, ulong address, int size, ulong code)
    {
        FaultVector = Vectors.PageFault;
        FaultCode = code;
        FaultAddress = address + copied;
        return copied == (ulong)size;
    }
}
