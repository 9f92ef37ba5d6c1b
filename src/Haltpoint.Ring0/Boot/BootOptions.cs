using System;

namespace Haltpoint.Ring0.Boot;

/// <summary>What the loader's command line asks for, words with spaces between.</summary>
internal static unsafe class BootOptions
{
    private const int MaxLength = 1024;

    /// <summary>exit-on-panic: a panic ends the emulator, for tests.</summary>
    public static bool ExitsOnPanic { get; private set; }

    /// <summary>exit-when-up: to see whether a machine can run the kernel at all.</summary>
    public static bool ExitsWhenUp { get; private set; }

    /// <param name="text">Ended by a zero; may be null.</param>
    public static void Read(byte* text)
    {
        int start = 0;
        for (int i = 0; text != null && i < MaxLength; i++)
        {
            if (text[i] is (byte)' ' or 0)
            {
                Take(new ReadOnlySpan<byte>(text + start, i - start));
                start = i + 1;
                if (text[i] == 0)
                {
                    break;
                }
            }
        }
    }

    private static void Take(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("exit-on-panic"u8))
        {
            ExitsOnPanic = true;
        }
        else if (word.SequenceEqual("exit-when-up"u8))
        {
            ExitsWhenUp = true;
        }
    }
}
