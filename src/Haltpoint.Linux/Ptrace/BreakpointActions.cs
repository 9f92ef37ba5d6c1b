using System;
using System.Buffers.Binary;
using Haltpoint.Rsp;

namespace Haltpoint.Linux.Ptrace;

/// <summary>What is to happen at a breakpoint besides a stop: agent expressions, each preceded by its length in 4 bytes.</summary>
internal sealed record BreakpointActions(byte[] Conditions, byte[] Commands, bool Persist)
{
    public static BreakpointActions None { get; } = new([], [], false);

    /// <summary>How often a thread came by, told or not.</summary>
    public long Hits { get; private set; }

    /// <summary>Whether the debugger is to hear of a hit. Commands run in its place, as with gdbserver: the thread then goes on.</summary>
    public bool IsReported(PtraceSession session, Tracee tracee)
    {
        Hits++;
        LinuxTarget target = new(session);
        if (Conditions.Length > 0 && !IsAnyTrue(ref target, tracee))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = Commands;
        while (TryTake(ref rest, out ReadOnlySpan<byte> command))
        {
            AgentExpression.Evaluate(ref target, tracee.Id, command, out _);
        }

        return Commands.Length == 0;
    }

    private bool IsAnyTrue(ref LinuxTarget target, Tracee tracee)
    {
        ReadOnlySpan<byte> rest = Conditions;
        while (TryTake(ref rest, out ReadOnlySpan<byte> condition))
        {
            // One that cannot be evaluated is for the debugger to judge.
            if (AgentExpression.Evaluate(ref target, tracee.Id, condition, out long value) != AgentStatus.Ok || value != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> expression)
    {
        expression = default;
        if (rest.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(rest) is var length && (uint)length > (uint)(rest.Length - sizeof(int)))
        {
            return false;
        }

        expression = rest.Slice(sizeof(int), length);
        rest = rest[(sizeof(int) + length)..];
        return true;
    }
}
