using System.Buffers.Binary;
using System.Numerics;
using Haltpoint.Linux.Perf;
using Iced.Intel;

namespace Haltpoint.Linux.Decoding;

/// <summary>What an instruction left in its operand, worked out from the registers after it and, where needed, from what was there before.</summary>
internal readonly struct WrittenValue
{
    public const ulong DirectionFlag = 1 << 10;

    private const ulong CarryFlag = 1 << 0;
    private const ulong ParityFlag = 1 << 2;
    private const ulong ZeroFlag = 1 << 6;
    private const ulong SignFlag = 1 << 7;
    private const ulong OverflowFlag = 1 << 11;

    /// <summary>The operand after the instruction, if it could be told.</summary>
    public ulong? New { get; private init; }

    /// <summary>The operand before it, where the instruction itself left that in a register.</summary>
    public ulong? Old { get; private init; }

    /// <summary>Works it out.</summary>
    /// <param name="recipe">The instruction; its operand has at most 8 bytes, or is a pair of which <paramref name="half"/> is asked for.</param>
    /// <param name="registers">After it.</param>
    /// <param name="before">The operand before it, if that is known.</param>
    /// <param name="half">Of a pair, 0 for the low and 1 for the high half.</param>
    public static WrittenValue Of(in AccessRecipe recipe, in PerfRegisters registers, ulong? before, int half)
    {
        ulong mask = AccessRecipe.Mask(recipe.Operation == AccessOperation.CompareExchangePair ? recipe.Size / 2 : recipe.Size);
        ulong source = recipe.Source is { } part ? Source(recipe, part, registers) : recipe.Immediate & mask;
        ulong flags = registers[PerfRegister.Flags];
        switch (recipe.Operation)
        {
            case AccessOperation.Move or AccessOperation.Call or AccessOperation.StoreString:
                return new WrittenValue { New = source & mask };
            case AccessOperation.Load:
                return new WrittenValue { New = source, Old = source };
            case AccessOperation.MoveByteSwapped:
                return new WrittenValue { New = BinaryPrimitives.ReverseEndianness(source) >> (64 - (8 * recipe.Size)) };
            case AccessOperation.SetOnCondition:
                return new WrittenValue { New = Holds(recipe.Condition, flags) ? 1ul : 0 };
            case AccessOperation.Exchange or AccessOperation.ExchangeAdd:
                return new WrittenValue { Old = source };
            case AccessOperation.CompareExchange:
            {
                ulong was = registers[PerfRegister.Ax] & mask;
                return new WrittenValue { Old = was, New = (flags & ZeroFlag) != 0 ? source : was };
            }

            case AccessOperation.CompareExchangePair:
            {
                ulong was = registers[half == 0 ? PerfRegister.Ax : PerfRegister.Dx] & mask;
                ulong stored = registers[half == 0 ? PerfRegister.Bx : PerfRegister.Cx] & mask;
                return new WrittenValue { Old = was, New = (flags & ZeroFlag) != 0 ? stored : was };
            }

            default:
                return before is { } known ? Modified(recipe, source, known & mask, flags) : default;
        }
    }

    private static ulong Source(in AccessRecipe recipe, RegisterPart part, in PerfRegisters registers)
    {
        ulong value = part.Read(registers);
        // A pushed stack pointer is the one before the push.
        return part.Register == PerfRegister.Sp ? value - (ulong)recipe.BaseMoved : value;
    }

    private static WrittenValue Modified(in AccessRecipe recipe, ulong source, ulong before, ulong flags)
    {
        int bits = 8 * recipe.Size;
        int count = (int)source & (bits == 64 ? 63 : 31);
        ulong after = recipe.Operation switch
        {
            AccessOperation.Add => before + source,
            AccessOperation.Subtract => before - source,
            AccessOperation.And => before & source,
            AccessOperation.Or => before | source,
            AccessOperation.Xor => before ^ source,
            AccessOperation.Not => ~before,
            AccessOperation.Negate => 0 - before,
            AccessOperation.ShiftLeft => count >= bits ? 0 : before << count,
            AccessOperation.ShiftRight => count >= bits ? 0 : before >> count,
            AccessOperation.ShiftRightSigned => (ulong)((long)(before << (64 - bits)) >> (64 - bits) >> int.Min(count, bits - 1)),
            _ => 0,
        };
        after &= AccessRecipe.Mask(recipe.Size);
        bool known = recipe.Operation is >= AccessOperation.Add and <= AccessOperation.ShiftRightSigned
            && (!recipe.SetsResultFlags || Agrees(after, recipe.Size, flags));
        return known ? new WrittenValue { Old = before, New = after } : default;
    }

    // The flags describe the true result: if they differ, what was there before was not what we thought.
    private static bool Agrees(ulong after, int size, ulong flags) =>
        ((flags & ZeroFlag) != 0) == (after == 0)
        && ((flags & SignFlag) != 0) == (after >> ((8 * size) - 1) != 0)
        && ((flags & ParityFlag) != 0) == (BitOperations.PopCount(after & 0xFF) % 2 == 0);

    private static bool Holds(ConditionCode condition, ulong flags)
    {
        bool carry = (flags & CarryFlag) != 0;
        bool zero = (flags & ZeroFlag) != 0;
        bool sign = (flags & SignFlag) != 0;
        bool overflow = (flags & OverflowFlag) != 0;
        bool parity = (flags & ParityFlag) != 0;
        return condition switch
        {
            ConditionCode.o => overflow,
            ConditionCode.no => !overflow,
            ConditionCode.b => carry,
            ConditionCode.ae => !carry,
            ConditionCode.e => zero,
            ConditionCode.ne => !zero,
            ConditionCode.be => carry || zero,
            ConditionCode.a => !carry && !zero,
            ConditionCode.s => sign,
            ConditionCode.ns => !sign,
            ConditionCode.p => parity,
            ConditionCode.np => !parity,
            ConditionCode.l => sign != overflow,
            ConditionCode.ge => sign == overflow,
            ConditionCode.le => zero || sign != overflow,
            _ => !zero && sign == overflow,
        };
    }
}
