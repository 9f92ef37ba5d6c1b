using System;
using System.Collections.Generic;
using Haltpoint.Core.Tests.Rsp;
using Haltpoint.Rsp;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Fuzz;

/// <summary>A hostile client: changed packets, bytes in odd pieces, acknowledgements or none, stops in between.</summary>
/// <remarks>Fails when the server throws, writes outside its memory, sends what is no packet, or neither takes nor sends anything.</remarks>
internal static unsafe class Conversation
{
    private const int GuardLength = 256;
    private const byte Guard = 0xA5;

    public static void Run(Corpus corpus, Random random)
    {
        FakeTarget target = new(new FakeMachine { Log = null, MonitorOutput = new byte[random.Next(300)] });
        int length = random.Next(4) == 0 ? 64 + random.Next(200) : 8192 + random.Next(8192);
        byte[] input = Guarded(length);
        byte[] output = Guarded(length);
        FrameChecker checker = new();
        fixed (byte* first = input, second = output)
        {
            GdbConnection<FakeTarget> connection = new(first, length, second, length);
            for (int packets = random.Next(1, 20); packets > 0 && connection.End == ConnectionEnd.None; packets--)
            {
                if (random.Next(3) == 0)
                {
                    target.Machine.Stops.Enqueue(Stop(target.Machine, random));
                    connection.Poll(ref target);
                    Drain(ref connection, ref target, checker);
                }

                Feed(ref connection, ref target, Bytes(corpus, random), checker, random);
            }
        }

        if (input.AsSpan(length).ContainsAnyExcept(Guard) || output.AsSpan(length).ContainsAnyExcept(Guard))
        {
            throw new InvalidOperationException("the server wrote past the end of its memory");
        }
    }

    private static byte[] Guarded(int length)
    {
        byte[] memory = GC.AllocateUninitializedArray<byte>(length + GuardLength, pinned: true);
        memory.AsSpan(length).Fill(Guard);
        return memory;
    }

    private static byte[] Bytes(Corpus corpus, Random random)
    {
        byte[] payload = corpus.Packets[random.Next(corpus.Packets.Count)];
        if (random.Next(3) != 0)
        {
            payload = Mutator.Mutate(payload, corpus.Packets, random);
        }

        int sum = 0;
        foreach (byte value in payload)
        {
            sum += value;
        }

        List<byte> bytes = random.Next(20) == 0 ? [3] : [];
        bytes.AddRange([(byte)'$', .. payload, (byte)'#', Hex.Digit(sum >> 4), Hex.Digit(sum)]);
        if (random.Next(10) == 0)
        {
            bytes = [.. Mutator.Mutate([.. bytes], corpus.Packets, random)];
        }

        if (random.Next(2) == 0)
        {
            bytes.Add(random.Next(10) == 0 ? (byte)'-' : (byte)'+');
        }

        return [.. bytes];
    }

    private static void Feed(ref GdbConnection<FakeTarget> connection, ref FakeTarget target, ReadOnlySpan<byte> bytes, FrameChecker checker, Random random)
    {
        while (bytes.Length != 0 && connection.End == ConnectionEnd.None)
        {
            int piece = random.Next(2) == 0 ? bytes.Length : Math.Min(bytes.Length, random.Next(1, 8));
            int taken = connection.Receive(ref target, bytes[..piece]);
            if (taken == 0 && connection.Pending.IsEmpty && connection.End == ConnectionEnd.None)
            {
                throw new InvalidOperationException("the server takes nothing and sends nothing");
            }

            bytes = bytes[taken..];
            Drain(ref connection, ref target, checker);
        }
    }

    private static void Drain(ref GdbConnection<FakeTarget> connection, ref FakeTarget target, FrameChecker checker)
    {
        while (!connection.Pending.IsEmpty)
        {
            checker.Check(connection.Pending);
            connection.Sent(connection.Pending.Length);
            connection.Poll(ref target);
        }
    }

    private static StopEvent Stop(FakeMachine machine, Random random)
    {
        ThreadId thread = machine.Threads.Count == 0 ? new ThreadId(1, 1) : machine.Threads[random.Next(machine.Threads.Count)].Id;
        return new StopEvent
        {
            Thread = thread,
            Kind = (StopKind)random.Next((int)StopKind.LibrariesChanged + 1),
            Reason = (StopReason)random.Next((int)StopReason.AccessWatchpoint + 1),
            Signal = random.Next(70),
            Code = random.Next(),
            Address = (ulong)random.NextInt64(),
            Child = thread,
        };
    }
}
