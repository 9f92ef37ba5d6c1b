using System;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Serial;
using Haltpoint.Ring0.Watchdogs;
using Haltpoint.Rsp;
using Haltpoint.Stopping;

namespace Haltpoint.Ring0.Debugging;

/// <summary>The client on the debug port. Of the master alone; which CPU that is may change from stop to stop.</summary>
internal static unsafe class Conversation
{
    private const byte Break = 0x03;
    private const byte Ack = (byte)'+';

    private static GdbConnection<MachineTarget> s_connection;
    private static MachineTarget s_target;
    private static int s_strayAcks;

    /// <summary>A client has spoken and not gone.</summary>
    public static bool IsOpen { get; private set; }

    /// <summary>Talks until the client lets the machine run, and then prepares that; the steps of the round-up do it.</summary>
    public static void Serve(int master)
    {
        Stops.Begin(master);
        DebugPort.Port.SetReceiveTrigger(isMany: true);
        while (!Resumption.IsDecided)
        {
            Touches.Stay();
            if (IsOpen)
            {
                s_connection.Poll(ref s_target);
                Send();
            }

            if (Resumption.TryHandOver(master))
            {
                return;
            }

            if (IsOpen && s_connection.End != ConnectionEnd.None)
            {
                IsOpen = false;
                Resumption.All();
            }
            else if (DebugPort.Port.TryRead(out byte value))
            {
                Take(value);
            }
            else if (!IsOpen || (s_connection.IsWaitingForStop && !Stops.IsAnyQueued))
            {
                // Nothing to tell after all: the byte was noise, or the breakpoint that was hit is gone.
                Resumption.AsBefore();
            }
            else
            {
                Instructions.Pause();
            }
        }

        DebugPort.Port.SetReceiveTrigger(isMany: false);
        Resumption.Prepare(master);
    }

    private static void Take(byte value)
    {
        // A client that waits for a stop asks for one and says nothing else; a packet is from another, who has just come.
        bool isNew = value == (byte)'$' && (!IsOpen || s_connection.IsWaitingForStop);
        if (isNew || IsFromAnother(value))
        {
            Open();
        }

        if (IsOpen && (isNew || value == Break || !s_connection.IsWaitingForStop))
        {
            while (s_connection.Receive(ref s_target, new ReadOnlySpan<byte>(in value)) == 0)
            {
                Send();
            }
        }
    }

    /// <summary>Whether an acknowledgement is one too many: gdb begins with one, and a client that was allowed to stop sending them sends one last.</summary>
    /// <remarks>A serial line tells nobody that its other end was exchanged.</remarks>
    private static bool IsFromAnother(byte value)
    {
        bool isStray = value == Ack && IsOpen && !s_connection.UsesAcks && s_connection.IsBetweenPackets && !s_connection.IsWaitingForStop;
        s_strayAcks += isStray ? 1 : 0;
        return s_strayAcks > 1;
    }

    private static void Open()
    {
        MachineTarget.TryRemoveAll(); // of a client that left without a word
        InnerTraps.Clear();
        Stops.Forget();
        DebugStorage.Block* block = DebugStorage.At;
        s_connection = new GdbConnection<MachineTarget>(block->Input, DebugStorage.PacketLength, block->Output, DebugStorage.PacketLength);
        s_strayAcks = 0;
        MachineThreads.IsAttached = true;
        MachineThreads.ShowsThreads = false;
        IsOpen = true;
    }

    private static void Send()
    {
        ReadOnlySpan<byte> pending = s_connection.Pending;
        DebugPort.Port.WriteQueued(pending);
        s_connection.Sent(pending.Length);
    }
}
