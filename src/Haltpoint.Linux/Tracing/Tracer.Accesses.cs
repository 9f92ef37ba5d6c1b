using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Ptrace;

namespace Haltpoint.Linux.Tracing;

// Accesses, on the ptrace thread while the thread that made one is held.
internal sealed partial class Tracer
{
    private const int StackBytes = 8 * 1024;

    // To find which line of the program called the kernel.
    private const int CallerBytes = 1024;

    private const int InstructionStartBytes = 3;

    private readonly RecentNames _threadNames = new();

    public void OnAccess(TracedMapping mapping, in TrappedAccess access)
    {
        TraceRecord record = new()
        {
            Kind = TraceRecordKind.Access,
            Time = access.Time,
            Cpu = access.Cpu,
            Process = access.Thread.Process,
            Thread = access.Thread.Thread,
            ThreadName = _threadNames.Of(access.Thread, access.Time),
            Access = access.Kind,
            Address = access.Address,
            Width = access.Length,
            Mapping = mapping,
            IsExact = access.IsExact,
            InstructionPointer = access.InstructionPointer,
            SystemCall = access.SystemCall,
        };
        bool isCall = access.SystemCall != TrappedAccess.NoSystemCall;
        if (_options.Values)
        {
            record.Value = ValueOf(access.After);
            record.OldValue = access.Kind == Breakpoints.AccessKind.Read ? default : ValueOf(access.Before);
        }

        Tracee? tracee = null;
        if ((_options.Stacks || isCall) && (tracee = Session.Find(access.Thread)) is not null)
        {
            record.Picture = ThreadPicture.Take(tracee, access.InstructionPointer, _options.Stacks ? StackBytes : CallerBytes);
        }

        if (_options.Values && !record.Value.IsKnown && (tracee ?? Session.Find(access.Thread)) is { } holder)
        {
            holder.Process.Space.Read(
                access.InstructionPointer, MemoryMarshal.AsBytes(new Span<uint>(ref record.InstructionStart))[..InstructionStartBytes]);
        }

        Records.Add(record);
    }

    /// <summary>The memory is gone, or cannot be trapped any more.</summary>
    public void OnWithdrawn(MappingSink sink, string reason)
    {
        Forget(sink);
        if (_memory.Pattern is null)
        {
            Note($"{sink.Mapping.Name} in process {sink.Mapping.ProcessId} is no longer traced: {reason}");
        }
    }

    private static AccessValue ValueOf(ReadOnlySpan<byte> bytes) => bytes.Length <= AccessValue.MaxLength ? new AccessValue(bytes) : default;

    // CLOCK_MONOTONIC in nanoseconds on Linux.
    private static long Now => Stopwatch.GetTimestamp();
}
