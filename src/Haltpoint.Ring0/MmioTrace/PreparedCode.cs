using System;
using Haltpoint.Arch.X86.Decoding;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.MmioTrace;

/// <summary>Relocated instructions of each CPU, kept by the address of the original: a loop over a register decodes it once.</summary>
internal static unsafe class PreparedCode
{
    public const ulong Start = TraceArea.Code;

    private const byte Return = 0xC3;
    private const int Slots = 32;
    private const int SlotSize = 128;

    /// <summary>Gives a CPU its pages: one that can be executed, one that says what is there.</summary>
    public static void Prepare(Cpu* cpu)
    {
        PageTables.Map(CodeOf(cpu, 0), FrameAllocator.Allocate(), PageFlags.Present | PageFlags.Writable);
        cpu->TraceSlots = DirectMap.At(FrameAllocator.Allocate());
        cpu->TraceBuffers = DirectMap.At(FrameAllocator.Allocate());
    }

    public static bool Contains(Cpu* cpu, ulong address) => address - CodeOf(cpu, 0) < PageTables.PageSize;

    /// <summary>The instruction at an address, as it is there now.</summary>
    /// <returns>Null when it is none that can be made for somebody.</returns>
    public static Slot* Find(Cpu* cpu, ulong address, byte* bytes, int count)
    {
        int index = (int)((address ^ (address >> 5)) % Slots);
        Slot* slot = (Slot*)(cpu->TraceSlots + (index * SlotSize));
        if (slot->Address == address && IsSame(slot, bytes, count))
        {
            return slot;
        }

        slot->Address = 0;
        ReadOnlySpan<byte> original = new(bytes, count);
        if (!MemoryInstruction.TryDecode(original, out slot->Instruction))
        {
            return null;
        }

        byte* code = (byte*)CodeOf(cpu, index);
        slot->Relocated = RelocatedInstruction.Write(slot->Instruction, original, new Span<byte>(code, RelocatedInstruction.LongestCode));
        code[slot->Relocated.Length] = Return;
        for (int i = 0; i < slot->Instruction.Length; i++)
        {
            slot->Bytes[i] = bytes[i];
        }

        slot->Code = code;
        slot->Address = address;
        return slot;
    }

    private static bool IsSame(Slot* slot, byte* bytes, int count)
    {
        int length = slot->Instruction.Length;
        if (length > count)
        {
            return false;
        }

        for (int i = 0; i < length; i++)
        {
            if (slot->Bytes[i] != bytes[i])
            {
                return false;
            }
        }

        return true;
    }

    private static ulong CodeOf(Cpu* cpu, int slot) => Start + ((ulong)cpu->Index * PageTables.PageSize) + (ulong)(slot * SlotSize);

    public struct Slot
    {
        public ulong Address;
        public byte* Code;
        public MemoryInstruction Instruction;
        public RelocatedInstruction Relocated;
        public fixed byte Bytes[MemoryInstruction.LongestInstruction];
    }
}
