namespace Haltpoint.Rsp;

/// <summary>How the evaluation of an agent expression ended.</summary>
public enum AgentStatus : byte
{
    Ok,

    /// <summary>An opcode that there is no such, or that only tracing and floating point have.</summary>
    BadOpcode,

    /// <summary>It ran past its end, or jumped outside.</summary>
    BadJump,
    StackOverflow,
    StackUnderflow,
    DivisionByZero,

    /// <summary>A bit count, a register or a format that makes no sense.</summary>
    BadOperand,
    BadRegister,
    BadAddress,

    /// <summary>It did not end within the steps it may take.</summary>
    TooLong,
}
