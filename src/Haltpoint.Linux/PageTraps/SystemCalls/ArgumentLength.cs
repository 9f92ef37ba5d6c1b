namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>The length of an argument's bytes.</summary>
/// <param name="Rule">Where it comes from.</param>
/// <param name="Operand">The number of an argument, or an offset.</param>
/// <param name="Size">Of an element; the most, where the length is found in memory.</param>
/// <param name="Extra">Bytes beside the elements.</param>
internal readonly record struct ArgumentLength(LengthRule Rule, byte Operand, uint Size, uint Extra = 0)
{
    private const ulong PageSize = 4096;

    public static implicit operator ArgumentLength(int bytes) => new(LengthRule.Constant, 0, (uint)bytes);

    /// <summary>The most it can be, without looking at memory.</summary>
    public ulong Most(in CallArguments arguments) => Rule switch
    {
        LengthRule.Argument => Elements(arguments[Operand]),
        LengthRule.Bits => Words(arguments[Operand]),
        LengthRule.Pages => (arguments[Operand] / PageSize) + 1,
        LengthRule.Rest => ulong.MaxValue,
        _ => Size,
    };

    private static ulong Words(ulong bits) => (((uint)bits + 63ul) / 64) * 8;

    private ulong Elements(ulong count) => Size == 1
        ? Extra + (count > ulong.MaxValue - Extra ? ulong.MaxValue - Extra : count)
        : Extra + (ulong)(uint)count * Size;
}
