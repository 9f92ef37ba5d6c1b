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
            if (value == '\\')
            {
                line.Byte(Unescape(format, ref at));
                continue;
            }

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

    /// <summary>gdb leaves the escapes of a C string to the server. One that C has not stands for its letter.</summary>
    private static byte Unescape(ReadOnlySpan<byte> format, ref int at)
    {
        if (at == format.Length)
        {
            return (byte)'\\';
        }

        byte letter = format[at++];
        if (letter is < (byte)'0' or > (byte)'7')
        {
            return letter switch
            {
                (byte)'a' => 0x07,
                (byte)'b' => 0x08,
                (byte)'e' => 0x1B,
                (byte)'f' => 0x0C,
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                (byte)'v' => 0x0B,
                _ => letter,
            };
        }

        int value = letter - '0';
        for (int digits = 1; digits < 3 && at < format.Length && format[at] is >= (byte)'0' and <= (byte)'7'; digits++)
        {
            value = (8 * value) + (format[at++] - '0');
        }

        return (byte)value;
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
