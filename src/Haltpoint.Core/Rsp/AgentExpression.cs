using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

/// <summary>Evaluates the bytecode that gdb compiles breakpoint conditions and commands to (gdb manual, "Agent Expressions").</summary>
/// <remarks>
/// The bytes come from the client and are trusted in nothing: every access is checked and the number of steps is bounded.
/// Values are 64 bits wide. Opcodes that collect data for tracepoints take their operands and do nothing; floating point and
/// trace variables are refused. A condition that cannot be evaluated counts as true, so that the client looks for itself.
/// </remarks>
public static unsafe class AgentExpression
{
    /// <summary>Most steps an expression may take; only loops need more than their length.</summary>
    public const int MostSteps = 10_000;

    private const int WidestRegister = 64;

    /// <summary>Evaluates for a stopped thread.</summary>
    /// <param name="target">What is debugged.</param>
    /// <param name="thread">Whose registers and memory are read.</param>
    /// <param name="code">The bytecode.</param>
    /// <param name="value">The top of the stack at the end; 0 when the stack is empty.</param>
    public static AgentStatus Evaluate<TTarget>(ref TTarget target, ThreadId thread, ReadOnlySpan<byte> code, out long value)
        where TTarget : struct, ITarget<TTarget>
    {
        value = 0;
        AgentStack stack = default;
        int at = 0;
        for (int steps = 0; steps < MostSteps; steps++)
        {
            if (at >= code.Length)
            {
                return AgentStatus.BadJump;
            }

            AgentOpcode opcode = (AgentOpcode)code[at++];
            AgentStatus status;
            switch (opcode)
            {
                case AgentOpcode.End:
                    value = stack.Depth == 0 ? 0 : stack.Top;
                    return AgentStatus.Ok;

                case AgentOpcode.Jump or AgentOpcode.JumpIf:
                    status = Jump(opcode, code, ref at, ref stack);
                    break;

                case AgentOpcode.Constant8 or AgentOpcode.Constant16 or AgentOpcode.Constant32 or AgentOpcode.Constant64:
                    status = TryOperand(code, ref at, 1 << (opcode - AgentOpcode.Constant8), out ulong constant) ? stack.Push((long)constant) : AgentStatus.BadJump;
                    break;

                case AgentOpcode.Read8 or AgentOpcode.Read16 or AgentOpcode.Read32 or AgentOpcode.Read64:
                    status = Read(ref target, thread, 1 << (opcode - AgentOpcode.Read8), ref stack);
                    break;

                case AgentOpcode.Register:
                    status = TryOperand(code, ref at, 2, out ulong number) ? ReadRegister(ref target, thread, (int)number, ref stack) : AgentStatus.BadJump;
                    break;

                case AgentOpcode.Print:
                    status = Print(ref target, thread, code, ref at, ref stack);
                    break;

                case AgentOpcode.SignExtend or AgentOpcode.ZeroExtend or AgentOpcode.Pick or AgentOpcode.TraceQuick:
                    status = TryOperand(code, ref at, 1, out ulong small) ? WithByte(opcode, (int)small, ref stack) : AgentStatus.BadJump;
                    break;

                case AgentOpcode.TraceQuick16:
                    status = TryOperand(code, ref at, 2, out _) ? AgentStatus.Ok : AgentStatus.BadJump;
                    break;

                default:
                    status = stack.Do(opcode);
                    break;
            }

            if (status != AgentStatus.Ok)
            {
                return status;
            }
        }

        return AgentStatus.TooLong;
    }

    private static AgentStatus Jump(AgentOpcode opcode, ReadOnlySpan<byte> code, ref int at, ref AgentStack stack)
    {
        if (!TryOperand(code, ref at, 2, out ulong where))
        {
            return AgentStatus.BadJump;
        }

        if (opcode == AgentOpcode.JumpIf)
        {
            if (!stack.TryPop(out long condition))
            {
                return AgentStatus.StackUnderflow;
            }

            if (condition == 0)
            {
                return AgentStatus.Ok;
            }
        }

        at = (int)where;
        return AgentStatus.Ok;
    }

    private static AgentStatus WithByte(AgentOpcode opcode, int operand, ref AgentStack stack)
    {
        if (opcode == AgentOpcode.TraceQuick)
        {
            return AgentStatus.Ok;
        }

        if (opcode == AgentOpcode.Pick)
        {
            return operand < stack.Depth ? stack.Push(stack.Peek(operand)) : AgentStatus.StackUnderflow;
        }

        if (operand is < 1 or > 64)
        {
            return AgentStatus.BadOperand;
        }

        if (!stack.TryPop(out long value))
        {
            return AgentStatus.StackUnderflow;
        }

        int unused = 64 - operand;
        value <<= unused;
        return stack.Push(opcode == AgentOpcode.SignExtend ? value >> unused : (long)((ulong)value >> unused));
    }

    private static AgentStatus Read<TTarget>(ref TTarget target, ThreadId thread, int size, ref AgentStack stack)
        where TTarget : struct, ITarget<TTarget>
    {
        if (!stack.TryPop(out long address))
        {
            return AgentStatus.StackUnderflow;
        }

        long value = 0;
        return TTarget.ReadMemory(ref target, thread, (ulong)address, new Span<byte>(&value, size)) == size
            ? stack.Push(value)
            : AgentStatus.BadAddress;
    }

    private static AgentStatus ReadRegister<TTarget>(ref TTarget target, ThreadId thread, int number, ref AgentStack stack)
        where TTarget : struct, ITarget<TTarget>
    {
        byte* bytes = stackalloc byte[WidestRegister];
        *(long*)bytes = 0;
        int length = TTarget.ReadRegister(ref target, thread, number, new Span<byte>(bytes, WidestRegister));
        return length is > 0 and <= sizeof(long) ? stack.Push(*(long*)bytes) : AgentStatus.BadRegister;
    }

    private static AgentStatus Print<TTarget>(ref TTarget target, ThreadId thread, ReadOnlySpan<byte> code, ref int at, ref AgentStack stack)
        where TTarget : struct, ITarget<TTarget>
    {
        if (!TryOperand(code, ref at, 1, out ulong count) || !TryOperand(code, ref at, 2, out ulong length)
            || (int)length > code.Length - at || length == 0 || code[at + (int)length - 1] != 0)
        {
            return AgentStatus.BadOperand;
        }

        ReadOnlySpan<byte> format = code.Slice(at, (int)length - 1);
        at += (int)length;

        // A function to call and a channel to write to lie above the arguments, of which the first is uppermost; both are gdb's business.
        if (stack.Depth < (int)count + 2)
        {
            return AgentStatus.StackUnderflow;
        }

        stack.Drop(2);
        AgentStatus status = AgentPrinter<TTarget>.Print(ref target, thread, format, (int)count, stack);
        stack.Drop((int)count);
        return status;
    }

    /// <summary>A big-endian number in the code.</summary>
    private static bool TryOperand(ReadOnlySpan<byte> code, ref int at, int size, out ulong value)
    {
        value = 0;
        if (size > code.Length - at)
        {
            return false;
        }

        for (int end = at + size; at < end; at++)
        {
            value = (value << 8) | code[at];
        }

        return true;
    }
}
