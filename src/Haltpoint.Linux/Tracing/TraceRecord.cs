using Haltpoint.Breakpoints;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Linux.Tracing;

/// <summary>What the ptrace thread hands over: facts alone, to be explained where there is time.</summary>
internal struct TraceRecord
{
    public TraceRecordKind Kind;
    public AccessKind Access;
    public bool IsExact;
    public int Cpu;
    public int Process;
    public int Thread;
    public int Width;

    /// <summary>Its number, or -1.</summary>
    public int SystemCall;
    public long Time;
    public ulong Address;
    public ulong InstructionPointer;
    public uint InstructionStart;
    public AccessValue Value;
    public AccessValue OldValue;
    public TracedMapping? Mapping;
    public string? ThreadName;

    /// <summary>Where stacks are wanted, and for system calls.</summary>
    public ThreadPicture? Picture;

    /// <summary>Of a <see cref="TraceRecordKind.Program"/>.</summary>
    public ProcessImage? Image;

    /// <summary>Of a <see cref="TraceRecordKind.Code"/>.</summary>
    public Mapping Code;
}
