using System.Runtime.CompilerServices;

namespace Haltpoint.Ring0.Symbols;

/// <summary>How to find the caller's registers at one address: what the instructions up to there say (DWARF 5, section 6.4.2).</summary>
internal unsafe struct UnwindRules
{
    public const int Registers = 17;

    private const int MaxRemembered = 4;

    public int CfaRegister;
    public long CfaOffset;

    private Rules _rules;

    /// <returns>False for an instruction that neither ILC nor our assembly makes.</returns>
    public static bool TryBuild(in UnwindEntry entry, ulong address, out UnwindRules rules)
    {
        rules = default;
        if (!rules.TryRun(entry, entry.SharedProgram, entry.SharedEnd, address, default))
        {
            return false;
        }

        UnwindRules initial = rules;
        return rules.TryRun(entry, entry.Program, entry.End, address, initial);
    }

    /// <summary>What is said of a register; at first that it is unchanged.</summary>
    public readonly UnwindRule this[int register] => _rules[register];

    private bool TryRun(in UnwindEntry entry, byte* program, byte* end, ulong address, UnwindRules initial)
    {
        UnwindRules* remembered = stackalloc UnwindRules[MaxRemembered];
        int depth = 0;
        ulong location = entry.Start;
        UnwindReader reader = new(program);
        while (reader.Position < end)
        {
            byte operation = reader.Byte();
            int low = operation & 0x3F;
            switch (operation & 0xC0)
            {
                case 0x40:
                    location += (ulong)(low * entry.CodeAlignment);
                    break;
                case 0x80:
                    Set(low, UnwindRuleKind.Offset, (long)reader.Unsigned() * entry.DataAlignment);
                    break;
                case 0xC0:
                    Set(low, initial[low].Kind, initial[low].Value);
                    break;
                default:
                    switch (low)
                    {
                        case 0x00: // nop
                            break;
                        case 0x02: // advance_loc1, 2, 4
                            location += (ulong)(reader.Byte() * entry.CodeAlignment);
                            break;
                        case 0x03:
                            location += (ulong)(reader.UInt16() * entry.CodeAlignment);
                            break;
                        case 0x04:
                            location += (ulong)(reader.UInt32() * entry.CodeAlignment);
                            break;
                        case 0x05: // offset_extended
                            int offsetRegister = (int)reader.Unsigned();
                            Set(offsetRegister, UnwindRuleKind.Offset, (long)reader.Unsigned() * entry.DataAlignment);
                            break;
                        case 0x07: // undefined
                            Set((int)reader.Unsigned(), UnwindRuleKind.Undefined, 0);
                            break;
                        case 0x08: // same_value
                            Set((int)reader.Unsigned(), UnwindRuleKind.Same, 0);
                            break;
                        case 0x09: // register
                            int movedRegister = (int)reader.Unsigned();
                            Set(movedRegister, UnwindRuleKind.Register, (long)reader.Unsigned());
                            break;
                        case 0x0A: // remember_state
                            if (depth == MaxRemembered)
                            {
                                return false;
                            }

                            remembered[depth++] = this;
                            break;
                        case 0x0B: // restore_state
                            if (depth == 0)
                            {
                                return false;
                            }

                            this = remembered[--depth];
                            break;
                        case 0x0C: // def_cfa
                            CfaRegister = (int)reader.Unsigned();
                            CfaOffset = (long)reader.Unsigned();
                            break;
                        case 0x0D: // def_cfa_register
                            CfaRegister = (int)reader.Unsigned();
                            break;
                        case 0x0E: // def_cfa_offset
                            CfaOffset = (long)reader.Unsigned();
                            break;
                        case 0x11: // offset_extended_sf
                            int signedRegister = (int)reader.Unsigned();
                            Set(signedRegister, UnwindRuleKind.Offset, reader.Signed() * entry.DataAlignment);
                            break;
                        default:
                            return false;
                    }

                    break;
            }

            if (location > address)
            {
                break;
            }
        }

        return true;
    }

    private void Set(int register, UnwindRuleKind kind, long value)
    {
        // Flags and vector registers play no part in finding a caller.
        if ((uint)register < Registers)
        {
            _rules[register] = new UnwindRule { Kind = kind, Value = value };
        }
    }

    [InlineArray(Registers)]
    private struct Rules
    {
        private UnwindRule _first;
    }
}
