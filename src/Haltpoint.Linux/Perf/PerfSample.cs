using System;
using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Perf;

/// <summary>One hit as the kernel recorded it: a view of the record's bytes.</summary>
internal readonly ref struct PerfSample
{
    /// <summary>Fields that every sample of ours begins with, in this order: ip, pid and tid, time, address, id, cpu.</summary>
    public const PerfSampleFields Common = PerfSampleFields.InstructionPointer | PerfSampleFields.ThreadId | PerfSampleFields.Time
        | PerfSampleFields.Address | PerfSampleFields.Id | PerfSampleFields.Cpu;

    private const int CommonSize = 48;
    private const int ModeMask = 7;
    private const int KernelMode = 1;

    private readonly ReadOnlySpan<byte> _body;
    private readonly ReadOnlySpan<byte> _userRegisters;
    private readonly ReadOnlySpan<byte> _interruptedRegisters;

    public PerfSample(ReadOnlySpan<byte> body, ushort misc, PerfSampleFields fields)
    {
        _body = body;
        IsKernel = (misc & ModeMask) == KernelMode;
        ReadOnlySpan<byte> rest = body[CommonSize..];
        if ((fields & PerfSampleFields.Callchain) != 0)
        {
            int count = (int)MemoryMarshal.Read<ulong>(rest);
            Callchain = MemoryMarshal.Cast<byte, ulong>(rest.Slice(8, 8 * count));
            rest = rest[(8 + (8 * count))..];
        }

        if ((fields & PerfSampleFields.RegistersUser) != 0)
        {
            _userRegisters = TakeRegisters(ref rest, out ulong abi);
            Is32Bit = abi == 1;
        }

        if ((fields & PerfSampleFields.StackUser) != 0)
        {
            int size = (int)MemoryMarshal.Read<ulong>(rest);
            rest = rest[8..];
            if (size > 0)
            {
                // What follows the room says how much of it could be copied.
                int filled = (int)MemoryMarshal.Read<ulong>(rest[size..]);
                Stack = rest[..filled];
                rest = rest[(size + 8)..];
            }
        }

        if ((fields & PerfSampleFields.RegistersInterrupted) != 0)
        {
            _interruptedRegisters = TakeRegisters(ref rest, out _);
        }
    }

    public ulong InstructionPointer => MemoryMarshal.Read<ulong>(_body);

    public int ProcessId => MemoryMarshal.Read<int>(_body[8..]);

    public int ThreadId => MemoryMarshal.Read<int>(_body[12..]);

    public long Time => ReadTime(_body);

    /// <summary>The address the event was set to, not the byte that was touched .</summary>
    public ulong Address => MemoryMarshal.Read<ulong>(_body[24..]);

    /// <summary>The event's <see cref="PerfEvent.ReadId"/>.</summary>
    public ulong Id => MemoryMarshal.Read<ulong>(_body[32..]);

    public int Cpu => MemoryMarshal.Read<int>(_body[40..]);

    public bool IsKernel { get; }

    /// <summary>Whether the thread runs 32-bit code.</summary>
    public bool Is32Bit { get; }

    /// <summary>Return addresses, innermost first, with markers where the mode changes.</summary>
    public ReadOnlySpan<ulong> Callchain { get; }

    /// <summary>User memory from the stack pointer upwards.</summary>
    public ReadOnlySpan<byte> Stack { get; }

    /// <summary>The registers of the thread's user mode; not there for a kernel thread.</summary>
    public bool TryGetUserRegisters(out PerfRegisters registers) => TryGet(_userRegisters, out registers);

    /// <summary>The registers at the hit itself, which are the kernel's where the kernel made the access.</summary>
    public bool TryGetInterruptedRegisters(out PerfRegisters registers) => TryGet(_interruptedRegisters, out registers);

    public static long ReadTime(ReadOnlySpan<byte> body) => MemoryMarshal.Read<long>(body[16..]);

    private static ReadOnlySpan<byte> TakeRegisters(scoped ref ReadOnlySpan<byte> rest, out ulong abi)
    {
        abi = MemoryMarshal.Read<ulong>(rest);
        int size = abi == 0 ? 0 : PerfRegisters.Count * 8;
        ReadOnlySpan<byte> registers = rest.Slice(8, size);
        rest = rest[(8 + size)..];
        return registers;
    }

    private static bool TryGet(ReadOnlySpan<byte> bytes, out PerfRegisters registers)
    {
        registers = bytes.IsEmpty ? default : MemoryMarshal.Read<PerfRegisters>(bytes);
        return !bytes.IsEmpty;
    }
}
