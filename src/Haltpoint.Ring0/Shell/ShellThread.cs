using System;
using System.Runtime.InteropServices;
using Haltpoint.Ring0.Serial;

namespace Haltpoint.Ring0.Shell;

/// <summary>The person at the console: reads lines and does what they say.</summary>
internal static unsafe class ShellThread
{
    private const int MaxLine = 128;

    [UnmanagedCallersOnly]
    public static void Run(nint argument)
    {
        byte* line = stackalloc byte[MaxLine];
        SerialConsole.Write("help says what there is\n"u8);
        while (true)
        {
            SerialConsole.Write("> "u8);
            Commands.Run(ReadLine(new Span<byte>(line, MaxLine)));
        }
    }

    private static ReadOnlySpan<byte> ReadLine(Span<byte> line)
    {
        int length = 0;
        while (true)
        {
            byte key = SerialConsole.Read();
            switch (key)
            {
                case (byte)'\r' or (byte)'\n':
                    SerialConsole.Write("\r\n"u8);
                    return line[..length];
                case (byte)'\b' or 0x7F when length > 0:
                    length--;
                    SerialConsole.Write("\b \b"u8);
                    break;
                case >= (byte)' ' and < 0x7F when length < line.Length:
                    line[length] = key;
                    SerialConsole.Write(line.Slice(length, 1));
                    length++;
                    break;
                default:
                    break;
            }
        }
    }
}
