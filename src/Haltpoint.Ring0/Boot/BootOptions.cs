using System;
using System.Runtime.CompilerServices;

namespace Haltpoint.Ring0.Boot;

/// <summary>What the loader's command line asks for, words with spaces between.</summary>
internal static unsafe class BootOptions
{
    private const int MaxLength = 1024;
    private const uint MaxPatience = 100;
    private const int MaxTrace = 32;

    private static TraceText s_trace;
    private static int s_traceLength;
    private static uint s_stopPatience;

    /// <summary>exit-on-panic: a panic ends the emulator, for tests.</summary>
    public static bool ExitsOnPanic { get; private set; }

    /// <summary>exit-when-up: to see whether a machine can run the kernel at all.</summary>
    public static bool ExitsWhenUp { get; private set; }

    /// <summary>trace=NAME or trace=NAME,NUMBER: the driver to trace; then the machine is switched off. Empty for none.</summary>
    public static ReadOnlySpan<byte> Trace => ((ReadOnlySpan<byte>)s_trace)[..s_traceLength];

    /// <summary>late-cpu: the last CPU stays off until the shell's selftest starts it.</summary>
    public static bool HasLateCpu { get; private set; }

    /// <summary>stop-patience=N: how many seconds a stop waits for a CPU before it names it absent. For emulators on a busy host.</summary>
    public static uint StopPatience => Math.Max(s_stopPatience, 1);

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
        else if (word.StartsWith("stop-patience="u8))
        {
            uint seconds = 0;
            foreach (byte digit in word["stop-patience="u8.Length..])
            {
                seconds = digit is >= (byte)'0' and <= (byte)'9' && seconds < MaxPatience ? (10 * seconds) + digit - '0' : seconds;
            }

            s_stopPatience = seconds;
        }
        else if (word.StartsWith("trace="u8))
        {
            ReadOnlySpan<byte> text = word["trace="u8.Length..];
            s_traceLength = Math.Min(text.Length, MaxTrace);
            text[..s_traceLength].CopyTo(s_trace);
        }
        else if (word.SequenceEqual("late-cpu"u8))
        {
            HasLateCpu = true;
        }
    }

    [InlineArray(MaxTrace)]
    private struct TraceText
    {
        private byte _first;
    }
}
