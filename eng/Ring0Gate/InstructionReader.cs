using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;

namespace Haltpoint.Eng;

/// <summary>Takes the bytes of a method apart into instructions (ECMA-335, partition III).</summary>
internal static class InstructionReader
{
    private const int TwoByteLead = 0xFE;

    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(c => c.Value);

    /// <summary>Each instruction with its token, or 0 where it has none.</summary>
    public static IEnumerable<(OpCode Code, int Token)> Read(byte[] body)
    {
        int at = 0;
        while (at < body.Length)
        {
            short value = body[at++];
            if (value == TwoByteLead)
            {
                value = (short)((TwoByteLead << 8) | body[at++]);
            }

            OpCode code = s_codes[value];
            int length = OperandLength(code.OperandType, body, at);
            yield return (code, length == sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at)) : 0);
            at += length;
        }
    }

    private static int OperandLength(OperandType type, byte[] body, int at) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at))),
        _ => 4,
    };
}
