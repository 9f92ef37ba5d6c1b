using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.Symbols;

/// <summary>Walks from a function to its caller, through interrupts too. Works on what may be a broken stack: reads that fail end the walk.</summary>
internal unsafe ref struct Unwinder
{
    // DWARF's numbers (System V ABI for AMD64, figure 3.36).
    private const int Rsp = 7;
    private const int Rip = 16;

    private fixed ulong _registers[UnwindRules.Registers];
    private bool _isExact;

    public Unwinder(InterruptFrame* frame)
    {
        _registers[0] = frame->Rax;
        _registers[1] = frame->Rdx;
        _registers[2] = frame->Rcx;
        _registers[3] = frame->Rbx;
        _registers[4] = frame->Rsi;
        _registers[5] = frame->Rdi;
        _registers[6] = frame->Rbp;
        _registers[Rsp] = frame->Rsp;
        _registers[8] = frame->R8;
        _registers[9] = frame->R9;
        _registers[10] = frame->R10;
        _registers[11] = frame->R11;
        _registers[12] = frame->R12;
        _registers[13] = frame->R13;
        _registers[14] = frame->R14;
        _registers[15] = frame->R15;
        _registers[Rip] = frame->Rip;
        _isExact = true;
    }

    public readonly ulong Address => _registers[Rip];

    /// <summary>An address inside the call, where the function that calls is found even if the call was its last instruction.</summary>
    public readonly ulong LookupAddress => _isExact ? Address : Address - 1;

    /// <summary>Goes on to the caller.</summary>
    /// <returns>False when there is none, or it cannot be found.</returns>
    public bool TryStep()
    {
        if (!UnwindEntry.TryFind(LookupAddress, out UnwindEntry entry) || !UnwindRules.TryBuild(entry, LookupAddress, out UnwindRules rules))
        {
            return false;
        }

        ulong frame = _registers[rules.CfaRegister] + (ulong)rules.CfaOffset;
        ulong* caller = stackalloc ulong[UnwindRules.Registers];
        for (int register = 0; register < UnwindRules.Registers; register++)
        {
            UnwindRule rule = rules[register];
            ulong value = _registers[register];
            switch (rule.Kind)
            {
                case UnwindRuleKind.Offset:
                    if (SafeMemory.Copy(&value, (void*)(frame + (ulong)rule.Value), sizeof(ulong)) != sizeof(ulong))
                    {
                        return false;
                    }

                    break;
                case UnwindRuleKind.Register:
                    value = _registers[(int)rule.Value];
                    break;
                case UnwindRuleKind.Undefined when register == Rip:
                    return false;
                default:
                    // A caller's stack pointer is the frame's address unless something else is said.
                    value = register == Rsp ? frame : value;
                    break;
            }

            caller[register] = value;
        }

        for (int register = 0; register < UnwindRules.Registers; register++)
        {
            _registers[register] = caller[register];
        }

        _isExact = entry.IsInterrupt;
        return _registers[Rip] != 0;
    }
}
