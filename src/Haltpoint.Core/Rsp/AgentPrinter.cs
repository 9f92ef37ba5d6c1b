using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

/// <summary>The <c>printf</c> of agent expressions: gdb's <c>dprintf</c> with <c>dprintf-style agent</c>.</summary>
/// <remarks>C's format with integers, characters, addresses and strings of the target's memory; floating point is refused.</remarks>
internal static unsafe class AgentPrinter<TTarget>
    where TTarget : struct, ITarget<TTarget>
{
    private const int LineLength = 512;
    private const int LongestString = 200;
    private const int WidestField = 200;

    /// <param name="target">Whose console it goes to.</param>
    /// <param name="thread">Whose memory strings are in.</param>
    /// <param name="format">Without its zero byte.</param>
    /// <param name="count">Number of arguments.</param>
    /// <param name="arguments">The first is uppermost.</param>
    public static AgentStatus Print(ref TTarget target, ThreadId thread, ReadOnlySpan<byte> format, int count, in AgentStack arguments)
    {
        byte* memory = stackalloc byte[LineLength];
        ReplyWriter line = new(memory, LineLength);
        int next = 0;
        int at = 0;
        while (at < format.Length)
        {
            if (line.Room < WidestField + LongestString)
            {
                TTarget.PrintToConsole(ref target, new ReadOnlySpan<byte>(memory, line.Length));
                line.Clear();
            }

            byte value = format[at++];
            if (value != '%')
            {
                line.Byte(value);
                continue;
            }

            if (!PrintField.TryParse(format, ref at, out PrintField field) || field.Width > WidestField || field.Precision > WidestField)
            {
                return AgentStatus.BadOperand;
            }

            if (field.Conversion == '%')
            {
                line.Byte((byte)'%');
                continue;
            }

            if (next == count)
            {
                return AgentStatus.StackUnderflow;
            }

            long argument = arguments.Peek(next++);
            AgentStatus status = field.Conversion == 's'
                ? WriteString(ref target, thread, (ulong)argument, field, ref line)
                : field.Write(argument, ref line);
            if (status != AgentStatus.Ok)
            {
                return status;
            }
        }

        TTarget.PrintToConsole(ref target, new ReadOnlySpan<byte>(memory, line.Length));
        return AgentStatus.Ok;
    }

    private static AgentStatus WriteString(ref TTarget target, ThreadId thread, ulong address, in PrintField field, ref ReplyWriter line)
    {
        byte* text = stackalloc byte[LongestString];
        int most = field.Precision is >= 0 and < LongestString ? field.Precision : LongestString;
        int read = TTarget.ReadMemory(ref target, thread, address, new Span<byte>(text, most));
        int length = 0;
        while (length < read && text[length] != 0)
        {
            length++;
        }

        if (read == 0 && most != 0)
        {
            return AgentStatus.BadAddress;
        }

        field.Write(new ReadOnlySpan<byte>(text, length), ref line);
        return AgentStatus.Ok;
    }
}
