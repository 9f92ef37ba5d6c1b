namespace Haltpoint.Rsp;

/// <summary>The stack of an agent expression, and the opcodes that concern nothing else.</summary>
internal unsafe struct AgentStack
{
    private const int Capacity = 100;

    private fixed long _values[Capacity];

    public int Depth { get; private set; }

    public readonly long Top => _values[Depth - 1];

    /// <summary>The value so many below the top, which there must be.</summary>
    public readonly long Peek(int below) => _values[Depth - 1 - below];

    public void Drop(int count) => Depth -= count;

    public AgentStatus Push(long value)
    {
        if (Depth == Capacity)
        {
            return AgentStatus.StackOverflow;
        }

        _values[Depth++] = value;
        return AgentStatus.Ok;
    }

    public bool TryPop(out long value)
    {
        value = 0;
        if (Depth == 0)
        {
            return false;
        }

        value = _values[--Depth];
        return true;
    }

    /// <summary>Carries out an opcode without operands in the code.</summary>
    public AgentStatus Do(AgentOpcode opcode)
    {
        int needed = Operands(opcode);
        if (needed == 0)
        {
            return AgentStatus.BadOpcode;
        }

        if (Depth < needed)
        {
            return AgentStatus.StackUnderflow;
        }

        fixed (long* values = _values)
        {
            return Do(opcode, values + Depth - 1);
        }
    }

    private static int Operands(AgentOpcode opcode) => opcode switch
    {
        AgentOpcode.LogicalNot or AgentOpcode.Not or AgentOpcode.Duplicate or AgentOpcode.Pop => 1,
        AgentOpcode.Rotate => 3,
        AgentOpcode.Swap or AgentOpcode.Trace or AgentOpcode.TraceNonZero => 2,
        >= AgentOpcode.Add and <= AgentOpcode.ShiftRightUnsigned => 2,
        AgentOpcode.And or AgentOpcode.Or or AgentOpcode.Xor => 2,
        AgentOpcode.Equal or AgentOpcode.LessSigned or AgentOpcode.LessUnsigned => 2,
        _ => 0,
    };

    private AgentStatus Do(AgentOpcode opcode, long* top)
    {
        switch (opcode)
        {
            case AgentOpcode.LogicalNot:
                *top = *top == 0 ? 1 : 0;
                return AgentStatus.Ok;
            case AgentOpcode.Not:
                *top = ~*top;
                return AgentStatus.Ok;
            case AgentOpcode.Duplicate:
                return Push(*top);
            case AgentOpcode.Pop:
                Depth--;
                return AgentStatus.Ok;
            case AgentOpcode.Swap:
                (top[0], top[-1]) = (top[-1], top[0]);
                return AgentStatus.Ok;
            case AgentOpcode.Rotate:
                // a b c becomes c a b.
                (top[-2], top[-1], top[0]) = (top[0], top[-2], top[-1]);
                return AgentStatus.Ok;
            case AgentOpcode.Trace or AgentOpcode.TraceNonZero:
                Depth -= 2;
                return AgentStatus.Ok;
            default:
                AgentStatus status = Combine(opcode, top[-1], top[0], out long result);
                top[-1] = result;
                Depth--;
                return status;
        }
    }

    private static AgentStatus Combine(AgentOpcode opcode, long left, long right, out long result)
    {
        result = 0;
        if (opcode is >= AgentOpcode.DivideSigned and <= AgentOpcode.RemainderUnsigned)
        {
            return right == 0 ? AgentStatus.DivisionByZero : Divide(opcode, left, right, out result);
        }

        bool isFar = (ulong)right >= 64;
        switch (opcode)
        {
            case AgentOpcode.Add:
                result = left + right;
                break;
            case AgentOpcode.Subtract:
                result = left - right;
                break;
            case AgentOpcode.Multiply:
                result = left * right;
                break;
            case AgentOpcode.ShiftLeft:
                result = isFar ? 0 : left << (int)right;
                break;
            case AgentOpcode.ShiftRightSigned:
                result = left >> (isFar ? 63 : (int)right);
                break;
            case AgentOpcode.ShiftRightUnsigned:
                result = isFar ? 0 : (long)((ulong)left >> (int)right);
                break;
            case AgentOpcode.And:
                result = left & right;
                break;
            case AgentOpcode.Or:
                result = left | right;
                break;
            case AgentOpcode.Xor:
                result = left ^ right;
                break;
            case AgentOpcode.Equal:
                result = left == right ? 1 : 0;
                break;
            case AgentOpcode.LessSigned:
                result = left < right ? 1 : 0;
                break;
            default:
                result = (ulong)left < (ulong)right ? 1 : 0;
                break;
        }

        return AgentStatus.Ok;
    }

    private static AgentStatus Divide(AgentOpcode opcode, long left, long right, out long result)
    {
        // The one quotient that doesn't fit: the processor would fault.
        bool overflows = left == long.MinValue && right == -1;
        result = opcode switch
        {
            AgentOpcode.DivideSigned => overflows ? left : left / right,
            AgentOpcode.DivideUnsigned => (long)((ulong)left / (ulong)right),
            AgentOpcode.RemainderSigned => overflows ? 0 : left % right,
            _ => (long)((ulong)left % (ulong)right),
        };
        return AgentStatus.Ok;
    }
}
