using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Haltpoint.Bench;

/// <summary>What one stopped thread is asked for, packet by packet.</summary>
internal static class RoundTripRows
{
    private const int Small = 8;
    private const int Large = 1 << 20;

    // rdi == -1, the first argument of called(), which counts up from 0: reg 5, const8 0xff, ext 8, equal, end.
    private const string NeverTrue = "X9,26000522ff16081327";

    public static IEnumerable<Row> All =>
    [
        new("step", "us")
        {
            Open = Step, Tracer = "step 2000", Inside = "step",
        },
        new("range step, one instruction", "us")
        {
            Open = RangeStep, Tracer = "range 1", Inside = "range", Goal = 0.7,
        },
        new("watchpoint hit and continue", "us")
        {
            Open = Hit, Tracer = "hit 2000", Inside = "hit",
        },
        new("breakpoint, false condition", "us")
        {
            Open = FalseCondition, Tracer = "condition 1000", Inside = "condition", Goal = 0.7,
        },
        new("registers (g)", "us")
        {
            Open = s => Requests(s, "g", 2000), Tracer = "registers 2000",
        },
        new("memory read 8 bytes (m)", "us")
        {
            Open = s => Requests(s, $"m{Block},8", 2000), Tracer = $"read {Small} 2000",
        },
        new("memory read 1 MiB (m)", "us")
        {
            Open = s => ReadLarge(s, 'm'), Tracer = $"read {Large} 4",
        },
        new("memory read 1 MiB (x where offered)", "us")
        {
            Open = s => ReadLarge(s, 'x'), Tracer = $"read {Large} 4", Goal = 1.0 / 3,
        },
        new("memory write 8 bytes (M)", "us")
        {
            Open = s => Requests(s, $"M{Block},8:0011223344556677", 2000), Tracer = $"write {Small} 2000",
        },
        new("memory write 1 MiB (M)", "us")
        {
            Open = s => WriteLarge(s, 'M'), Tracer = $"write {Large} 4",
        },
        new("memory write 1 MiB (X)", "us")
        {
            Open = s => WriteLarge(s, 'X'), Tracer = $"write {Large} 4",
        },
    ];

    private static string Block => Session.Hex(Workspace.Symbols["block"]);

    private static Measurement Requests(Server server, string payload, int count)
    {
        Session session = new(server, "spin", 1);
        byte[] packet = RspClient.Packet(payload);
        ReadOnlySpan<byte> reply = session.Client.Exchange(packet);
        if (reply.IsEmpty || reply[0] == 'E')
        {
            throw new BenchException($"{server.Name} does not answer {payload}");
        }

        return new Measurement(() => Clock.Each(count, () => session.Client.Exchange(packet)), session);
    }

    private static Measurement Step(Server server)
    {
        Session session = new(server, "spin", 1);
        byte[] step = RspClient.Packet($"vCont;s:{Session.ThreadOf(session.Client.Request("?"))}");
        return new Measurement(() => Clock.Each(1000, () => session.Client.Exchange(step)), session);
    }

    private static Measurement RangeStep(Server server)
    {
        Session session = new(server, "range", 1);
        ulong start = Workspace.Symbols["range_start"];
        ulong end = Workspace.Symbols["range_end"];
        byte[]? step = null;
        return new Measurement(
            () =>
            {
                string thread = Session.ThreadOf(session.RunTo("range_start"));
                step ??= RspClient.Packet($"vCont;r{Session.Hex(start)},{Session.Hex(end)}:{thread}");
                return Clock.Each(1, () => session.Client.Exchange(step)) / EngineRows.RangeLength;
            },
            session);
    }

    private static Measurement Hit(Server server)
    {
        Session session = new(server, "spin", 1);
        session.Client.Expect("OK", $"Z2,{Session.Hex(Workspace.Symbols["watched"])},8");
        byte[] resume = RspClient.Packet("vCont;c");
        return new Measurement(() => Clock.Each(1000, () => session.Client.Exchange(resume)), session);
    }

    private static Measurement FalseCondition(Server server)
    {
        Session session = new(server, "calls", 1);
        session.Client.Expect("OK", $"Z0,{Session.Hex(Workspace.Symbols["called"])},1;{NeverTrue}");
        string thread = Session.ThreadOf(session.RunTo("finish"));
        byte[] step = RspClient.Packet($"vCont;s:{thread}");
        return new Measurement(
            () =>
            {
                // Off the breakpoint: gdbserver leaves it to the client to step over one that it reported.
                session.Client.Exchange(step);
                return Clock.Each(1, () => session.RunTo("finish")) / EngineRows.Calls;
            },
            session);
    }

    private static Measurement ReadLarge(Server server, char packet)
    {
        Session session = new(server, "spin", 1);
        bool isBinary = packet == 'x' && session.Client.Features.Contains("binary-upload+", StringComparison.Ordinal);
        int most = isBinary ? session.Client.PacketSize - 64 : (session.Client.PacketSize - 64) / 2;
        return new Measurement(() => Clock.Each(1, () => Transfer(session, most, (at, length) =>
        {
            // Packets are made within the measured time, for both servers alike: they are tiny.
            ReadOnlySpan<byte> reply = session.Client.Exchange(RspClient.Packet($"{(isBinary ? 'x' : 'm')}{Session.Hex(at)},{length:x}"));
            int got = isBinary ? reply.Length - 1 : reply.Length / 2;
            return got > 0 ? Math.Min(got, length) : throw new BenchException($"{server.Name} cannot read {length} bytes");
        })), session);
    }

    private static Measurement WriteLarge(Server server, char packet)
    {
        Session session = new(server, "spin", 1);
        int most = packet == 'X' ? session.Client.PacketSize - 64 : (session.Client.PacketSize - 64) / 2;
        List<byte[]> packets = [];
        Transfer(session, most, (at, length) =>
        {
            string data = packet == 'X' ? new string('Z', length) : new string('5', 2 * length);
            packets.Add(RspClient.Packet($"{packet}{Session.Hex(at)},{length:x}:{data}"));
            return length;
        });
        return new Measurement(
            () => Clock.Each(1, () =>
            {
                foreach (byte[] one in packets)
                {
                    if (!session.Client.Exchange(one).SequenceEqual("OK"u8))
                    {
                        throw new BenchException($"{server.Name} refused to write memory");
                    }
                }
            }),
            session);
    }

    private static void Transfer(Session session, int most, Func<ulong, int, int> move)
    {
        Debug.Assert(session.Client.PacketSize > 0);
        ulong at = Workspace.Symbols["block"];
        int left = Large;
        while (left > 0)
        {
            int moved = move(at, Math.Min(left, most));
            at += (ulong)moved;
            left -= moved;
        }
    }
}
