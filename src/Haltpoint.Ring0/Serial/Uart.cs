using System;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Serial;

/// <summary>A 16550 serial port, polled. The value is only the port's number: whoever shares the port brings the lock.</summary>
internal readonly struct Uart(ushort port)
{
    public const ushort Com1 = 0x3F8;
    public const ushort Com2 = 0x2F8;
    public const ushort Com3 = 0x3E8;

    private const ushort Data = 0;
    private const ushort InterruptEnable = 1;
    private const ushort FifoControl = 2;
    private const ushort LineControl = 3;
    private const ushort ModemControl = 4;
    private const ushort LineStatus = 5;

    private const int QueueLength = 16;
    private const byte FifoEnabled = 0x01;
    private const byte TriggerFourteen = 0xC0;
    private const byte DataReady = 0x01;
    private const byte TransmitterEmpty = 0x20;

    /// <summary>115200 baud, 8 data bits, no parity; interrupts off.</summary>
    public void Start()
    {
        Out(InterruptEnable, 0);
        Out(LineControl, 0x80); // the next two are the divisor
        Out(Data, 1);
        Out(InterruptEnable, 0);
        Out(LineControl, 0x03);
        Out(FifoControl, 0x07); // on, both queues emptied
        Out(ModemControl, 0x0B); // DTR, RTS, and OUT2, which lets interrupts through on a PC
    }

    /// <summary>An interrupt for each byte that arrives.</summary>
    public void EnableReceiveInterrupt() => Out(InterruptEnable, 1);

    /// <summary>How many bytes wait before they make an interrupt: many, for who polls; then an emulator hands over as many at a time. Or one.</summary>
    /// <remarks>What waits when it becomes one makes an interrupt then.</remarks>
    public void SetReceiveTrigger(bool isMany) => Out(FifoControl, (byte)(FifoEnabled | (isMany ? TriggerFourteen : 0)));

    /// <summary>Whether a byte waits; asking takes nothing.</summary>
    public bool HasData => (In(LineStatus) & DataReady) != 0;

    public bool TryRead(out byte value)
    {
        if (!HasData)
        {
            value = 0;
            return false;
        }

        value = In(Data);
        return true;
    }

    public void Write(byte value)
    {
        while ((In(LineStatus) & TransmitterEmpty) == 0)
        {
        }

        Out(Data, value);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            Write(value);
        }
    }

    /// <summary>As much at once as the port's queue holds, for ports at which nobody else writes.</summary>
    public void WriteQueued(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (i % QueueLength == 0)
            {
                while ((In(LineStatus) & TransmitterEmpty) == 0)
                {
                }
            }

            Out(Data, bytes[i]);
        }
    }

    private byte In(ushort register) => Instructions.In8((ushort)(port + register));

    private void Out(ushort register, byte value) => Instructions.Out8((ushort)(port + register), value);
}
