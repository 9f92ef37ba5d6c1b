using System;
using System.Runtime.CompilerServices;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Serial;

/// <summary>The first serial port: a person's. What is typed comes in by interrupt and waits for <see cref="Read"/>; output is polled.</summary>
internal static class SerialConsole
{
    private const int Capacity = 256;

    private static SpinLock s_output;
    private static WaitQueue s_readers;
    private static Typed s_typed;
    private static uint s_head;
    private static uint s_tail;

    private static Uart Port => new(Uart.Com1);

    public static void Start() => Port.Start();

    public static void EnableInput() => Port.EnableReceiveInterrupt();

    public static void Write(ReadOnlySpan<byte> text)
    {
        ulong flags = s_output.Enter();
        Port.Write(text);
        s_output.Exit(flags);
    }

    /// <summary>For panic: nobody else will write any more.</summary>
    public static void BreakLock() => s_output.Break();

    /// <summary>The port's interrupt. Edge-triggered: the port is emptied, because what is left in it makes no second one.</summary>
    public static void Receive()
    {
        ulong flags = s_readers.Lock.Enter();
        while (Port.TryRead(out byte value))
        {
            // Whoever types ahead of that much loses the rest.
            if (s_head - s_tail < Capacity)
            {
                s_typed[(int)(s_head++ % Capacity)] = value;
            }
        }

        s_readers.WakeAll();
        s_readers.Lock.Exit(flags);
    }

    /// <summary>The next byte typed; the calling thread sleeps until there is one.</summary>
    public static byte Read()
    {
        ulong flags = s_readers.Lock.Enter();
        while (s_head == s_tail)
        {
            flags = s_readers.Wait(flags);
        }

        byte value = s_typed[(int)(s_tail++ % Capacity)];
        s_readers.Lock.Exit(flags);
        return value;
    }

    [InlineArray(Capacity)]
    private struct Typed
    {
        private byte _first;
    }
}
